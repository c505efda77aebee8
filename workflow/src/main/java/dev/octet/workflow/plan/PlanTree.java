package dev.octet.workflow.plan;

import dev.octet.api.error.OctetException;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.FindingTree;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.SpecTree;
import dev.octet.api.tree.Position;
import dev.octet.api.tree.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Plans as trees: the words of the plan file. */
final class PlanTree {

  private static final String FORMAT = "octet-plan";
  private static final long VERSION = 1;

  private final Map<String, Position> positions = new HashMap<>();

  private PlanTree() {}

  static Tree.Mapping toTree(PlanDocument plan) {
    Map<String, Tree> root = new LinkedHashMap<>(header(plan).entries());
    root.put("nodes", Tree.of(plan.nodes().stream().map(PlanTree::node).toList()));
    root.put("groups", Tree.of(plan.groups().stream().map(PlanTree::group).toList()));
    root.put("findings", Tree.of(plan.findings().stream().map(FindingTree::toTree).toList()));
    return Tree.of(root);
  }

  /** Returns what a plan says before its nodes: the backend, its options, and the model. */
  static Tree.Mapping header(PlanDocument plan) {
    Map<String, Tree> model = new LinkedHashMap<>();
    model.put("sha256", Tree.of(plan.modelHash()));
    model.put("preparedSha256", Tree.of(plan.preparedHash()));
    Map<String, Tree> root = new LinkedHashMap<>();
    root.put("format", Tree.of(FORMAT));
    root.put("formatVersion", Tree.of(VERSION));
    root.put("backend", Tree.of(plan.backend()));
    root.put("options", options(plan.options()));
    plan.policy().ifPresent(policy -> root.put("policy", policy));
    root.put("model", Tree.of(model));
    return Tree.of(root);
  }

  static PlanDocument fromTree(Tree tree) {
    return new PlanTree().document(tree);
  }

  private static Tree options(Options options) {
    Map<String, Tree> tree = new LinkedHashMap<>();
    options
        .values()
        .forEach((name, values) -> tree.put(name, Tree.of(values.stream().map(Tree::of).toList())));
    return Tree.of(tree);
  }

  private static Tree node(PlannedNode node) {
    Map<String, Tree> tree = new LinkedHashMap<>();
    tree.put("name", Tree.of(node.name()));
    tree.put("op", Tree.of(node.op()));
    tree.put("quantized", Tree.of(node.quantized()));
    node.rule().ifPresent(rule -> tree.put("rule", Tree.of(rule)));
    node.reason().ifPresent(reason -> tree.put("reason", Tree.of(reason)));
    tree.put("decidedBy", Tree.of(node.decidedBy()));
    node.folded().ifPresent(folded -> tree.put("folded", Tree.of(folded)));
    tree.put("operands", Tree.of(node.operands().stream().map(PlanTree::point).toList()));
    tree.put("results", Tree.of(node.results().stream().map(PlanTree::point).toList()));
    return Tree.of(tree);
  }

  private static Tree point(PlannedPoint point) {
    Map<String, Tree> tree = new LinkedHashMap<>();
    tree.put("index", Tree.of(point.index()));
    tree.put("tensor", Tree.of(point.tensor()));
    point.group().ifPresent(group -> tree.put("group", Tree.of(group)));
    tree.put("spec", SpecTree.toTree(point.spec()));
    return Tree.of(tree);
  }

  private static Tree group(PlannedGroup group) {
    Map<String, Tree> tree = new LinkedHashMap<>();
    tree.put("group", Tree.of(group.id()));
    tree.put("spec", SpecTree.toTree(group.spec()));
    return Tree.of(tree);
  }

  private PlanDocument document(Tree tree) {
    Tree.Mapping root = tree.asMapping();
    requireFormat(root);
    root.allowOnly(
        "format",
        "formatVersion",
        "backend",
        "options",
        "policy",
        "model",
        "nodes",
        "groups",
        "findings");
    Tree.Mapping model = root.get("model").asMapping();
    model.allowOnly("sha256", "preparedSha256");
    note("$.model.sha256", model.get("sha256"));
    return new PlanDocument(
        root.get("backend").asText(),
        options(root.get("options")),
        root.find("policy").map(Tree::asMapping),
        model.get("sha256").asText(),
        model.get("preparedSha256").asText(),
        nodes(root.get("nodes")),
        groups(root.get("groups")),
        root.get("findings").asItems().stream().map(FindingTree::fromTree).toList(),
        positions);
  }

  private static void requireFormat(Tree.Mapping root) {
    Optional<Tree> format = root.find("format");
    Optional<Tree> version = root.find("formatVersion");
    boolean isPlan =
        format.filter(f -> f.equals(Tree.of(FORMAT))).isPresent() && version.isPresent();
    if (!isPlan) {
      throw OctetException.input(
              "OCT-PLAN-001", "this is no plan: its format is not '" + FORMAT + "'")
          .at(format.orElse(root).position().toString())
          .next("Give a file that octet plan wrote.");
    }
    long number = version.orElseThrow().asLong();
    if (number != VERSION) {
      throw OctetException.input("OCT-PLAN-001", "the plan has format version " + number)
          .at(version.orElseThrow().position().toString())
          .candidates(List.of(Long.toString(VERSION)))
          .next("Use the release of Octet that wrote it, or plan again.");
    }
  }

  private static Options options(Tree tree) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    tree.asMapping()
        .entries()
        .forEach(
            (name, given) -> values.put(name, given.asItems().stream().map(Tree::asText).toList()));
    return new Options(values);
  }

  private List<PlannedNode> nodes(Tree tree) {
    List<PlannedNode> nodes = new ArrayList<>();
    for (Tree item : tree.asItems()) {
      nodes.add(node("$.nodes[" + nodes.size() + "]", item));
    }
    return nodes;
  }

  private PlannedNode node(String path, Tree tree) {
    Tree.Mapping map = tree.asMapping();
    map.allowOnly(
        "name", "op", "quantized", "rule", "reason", "decidedBy", "folded", "operands", "results");
    note(path, tree);
    note(path + ".name", map.get("name"));
    note(path + ".op", map.get("op"));
    map.find("folded").ifPresent(folded -> note(path + ".folded", folded));
    boolean quantized = map.get("quantized").asBoolean();
    if (quantized) {
      // A quantized node names its rule, a float node may leave its reason to the plan.
      map.get("rule");
    }
    return new PlannedNode(
        map.get("name").asText(),
        map.get("op").asText(),
        quantized,
        map.find("rule").map(Tree::asText),
        map.find("reason").map(Tree::asText),
        map.find("decidedBy").map(Tree::asText).orElse("plan"),
        map.find("folded").map(Tree::asText),
        points(path + ".operands", map.find("operands")),
        points(path + ".results", map.find("results")));
  }

  private List<PlannedPoint> points(String path, Optional<Tree> tree) {
    List<PlannedPoint> points = new ArrayList<>();
    for (Tree item : tree.map(Tree::asItems).orElse(List.of())) {
      points.add(point(path + "[" + points.size() + "]", item));
    }
    return points;
  }

  private PlannedPoint point(String path, Tree tree) {
    Tree.Mapping map = tree.asMapping();
    map.allowOnly("index", "tensor", "group", "spec");
    note(path, tree);
    note(path + ".index", map.get("index"));
    note(path + ".tensor", map.get("tensor"));
    map.find("group").ifPresent(group -> note(path + ".group", group));
    note(path + ".spec", map.get("spec"));
    QuantizationSpec spec = SpecTree.fromTree(map.get("spec"));
    boolean keepsFloat = spec instanceof QuantizationSpec.KeepFloat;
    // Whoever edits a spec to keep-float may leave the group that the point had.
    Optional<Integer> group = keepsFloat ? Optional.empty() : Optional.of(map.get("group").asInt());
    return new PlannedPoint(map.get("index").asInt(), map.get("tensor").asText(), group, spec);
  }

  private List<PlannedGroup> groups(Tree tree) {
    List<PlannedGroup> groups = new ArrayList<>();
    Set<Integer> ids = new HashSet<>();
    for (Tree item : tree.asItems()) {
      Tree.Mapping map = item.asMapping();
      map.allowOnly("group", "spec");
      String path = "$.groups[" + groups.size() + "].spec";
      note(path, map.get("spec"));
      map.get("spec").asMapping().find("observer").ifPresent(o -> note(path + ".observer", o));
      PlannedGroup group =
          checked(
              item,
              () -> new PlannedGroup(map.get("group").asInt(), SpecTree.fromTree(map.get("spec"))));
      if (!ids.add(group.id())) {
        throw OctetException.input("OCT-PLAN-008", "group " + group.id() + " is listed twice")
            .at(map.get("group").position().toString())
            .next("Remove one of the two.");
      }
      groups.add(group);
    }
    return groups;
  }

  private void note(String path, Tree tree) {
    positions.put(path, tree.position());
  }

  private static <T> T checked(Tree tree, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw OctetException.input("OCT-TREE-005", String.valueOf(e.getMessage()))
          .at(tree.position().toString())
          .next("Correct the value.");
    }
  }
}
