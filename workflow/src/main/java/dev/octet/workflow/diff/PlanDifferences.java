package dev.octet.workflow.diff;

import dev.octet.api.graph.Point;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.plan.PlannedBoundary;
import dev.octet.workflow.plan.PlannedGroup;
import dev.octet.workflow.plan.PlannedNode;
import dev.octet.workflow.verify.Difference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds in what two plans decide differently. */
final class PlanDifferences {

  private final PlanDocument before;
  private final PlanDocument after;
  private final List<Difference> found = new ArrayList<>();

  private PlanDifferences(PlanDocument before, PlanDocument after) {
    this.before = before;
    this.after = after;
  }

  static List<Difference> of(PlanDocument before, PlanDocument after) {
    PlanDifferences differences = new PlanDifferences(before, after);
    differences.compareModels();
    differences.compareNodes();
    differences.compareBoundary();
    differences.found.addAll(
        GroupDifferences.of(PlannedPoints.of(before), PlannedPoints.of(after)));
    if (differences.found.isEmpty()) {
      differences.compareCauses();
    }
    return List.copyOf(differences.found);
  }

  private void compareModels() {
    compare("backend", "name", before.backend(), after.backend());
    compare("model", "content", before.modelHash(), after.modelHash());
    if (before.modelHash().equals(after.modelHash())) {
      compare("model", "prepared", before.preparedHash(), after.preparedHash());
    }
  }

  private void compareCauses() {
    Set<String> names = new LinkedHashSet<>(before.options().values().keySet());
    names.addAll(after.options().values().keySet());
    for (String name : names) {
      compare("option", name, option(before, name), option(after, name));
    }
    if (!before.policy().equals(after.policy())) {
      found.add(new Difference("policy", "policy", "is another"));
    }
  }

  private static String option(PlanDocument plan, String name) {
    List<String> values = plan.options().values().getOrDefault(name, List.of());
    return values.isEmpty() ? "not given" : String.join(", ", values);
  }

  private void compareNodes() {
    Map<String, PlannedNode> others = new LinkedHashMap<>();
    after.nodes().forEach(node -> others.put(node.name(), node));
    for (PlannedNode node : before.nodes()) {
      PlannedNode other = others.remove(node.name());
      if (other == null) {
        found.add(new Difference("node", node.name(), "is in the first plan alone"));
      } else {
        compare(node, other);
      }
    }
    others
        .keySet()
        .forEach(name -> found.add(new Difference("node", name, "is in the second plan alone")));
  }

  private void compare(PlannedNode node, PlannedNode other) {
    String owner = owner(node);
    String now = owner(other);
    if (!owner.equals(now)) {
      changed("node", node.name(), words(node, owner), words(other, now));
    } else if (node.quantized()) {
      Map<Point, String> points = PlannedPoints.words(node);
      Map<Point, String> others = PlannedPoints.words(other);
      if (!points.equals(others)) {
        changed("node", node.name(), listed(points, others), listed(others, points));
      }
    }
  }

  private static String owner(PlannedNode node) {
    return !node.quantized()
        ? "float"
        : "quantized by rule "
            + node.rule().orElse("")
            + node.quantizer().map(name -> " of " + name).orElse("");
  }

  private static String words(PlannedNode node, String owner) {
    return owner
        + node.reason().filter(why -> !node.quantized()).map(why -> " (" + why + ")").orElse("");
  }

  /** Returns those points in words that another node has not, or not so. */
  private static String listed(Map<Point, String> points, Map<Point, String> others) {
    List<String> words = new ArrayList<>();
    points.forEach(
        (point, how) -> {
          if (!how.equals(others.get(point))) {
            words.add(Tree.of(point.side()).asText() + " " + point.index() + " " + how);
          }
        });
    return words.isEmpty() ? "nothing more" : String.join(", ", words);
  }

  private void compareBoundary() {
    Map<Point, PlannedBoundary> others = new LinkedHashMap<>();
    after.boundary().forEach(at -> others.put(at.point(), at));
    for (PlannedBoundary at : before.boundary()) {
      compare(
          at.point(),
          words(Optional.of(at)),
          words(Optional.ofNullable(others.remove(at.point()))));
    }
    others.forEach((point, at) -> compare(point, words(Optional.empty()), words(Optional.of(at))));
  }

  private void compare(Point point, String first, String second) {
    compare(Tree.of(point.side()).asText(), point.name(), first, second);
  }

  private static String words(Optional<PlannedBoundary> at) {
    return at.filter(known -> known.group().isPresent()).isPresent() ? "integers" : "float";
  }

  private void compare(String kind, String name, String first, String second) {
    if (!first.equals(second)) {
      changed(kind, name, first, second);
    }
  }

  private void changed(String kind, String name, String first, String second) {
    found.add(new Difference(kind, name, "is " + first + " -> " + second));
  }

  /** The groups of a plan by its quantized points. */
  record PlannedPoints(Map<Point, PlannedGroup> groups) {

    static PlannedPoints of(PlanDocument plan) {
      Map<Integer, PlannedGroup> byId = new LinkedHashMap<>();
      plan.groups().forEach(group -> byId.put(group.id(), group));
      Map<Point, PlannedGroup> groups = new LinkedHashMap<>();
      for (PlannedNode node : plan.nodes()) {
        if (node.quantized()) {
          node.operands()
              .forEach(p -> put(groups, Point.operand(node.name(), p.index()), p.group(), byId));
          node.results()
              .forEach(p -> put(groups, Point.result(node.name(), p.index()), p.group(), byId));
        }
      }
      plan.boundary().forEach(at -> put(groups, at.point(), at.group(), byId));
      return new PlannedPoints(groups);
    }

    private static void put(
        Map<Point, PlannedGroup> groups,
        Point point,
        Optional<Integer> id,
        Map<Integer, PlannedGroup> byId) {
      id.map(byId::get).ifPresent(group -> groups.put(point, group));
    }

    /** Returns the points of a node, each with how it is quantized as far as no group says it. */
    static Map<Point, String> words(PlannedNode node) {
      Map<Point, String> words = new LinkedHashMap<>();
      node.operands()
          .forEach(p -> words.put(Point.operand(node.name(), p.index()), how(p.group(), p.spec())));
      node.results()
          .forEach(p -> words.put(Point.result(node.name(), p.index()), how(p.group(), p.spec())));
      return words;
    }

    private static String how(Optional<Integer> group, QuantizationSpec spec) {
      return group.isPresent()
          ? "quantized"
          : spec.narrowFloat().map(type -> "as " + type).orElse("in float");
    }
  }
}
