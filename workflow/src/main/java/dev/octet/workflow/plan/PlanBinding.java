package dev.octet.workflow.plan;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.Finding;
import dev.octet.workflow.normalise.FoldedNode;
import dev.octet.workflow.provenance.BackendBuild;
import dev.octet.workflow.provenance.OctetBuild;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks a plan against its model and carries out the edits that were made to it. */
final class PlanBinding {

  private static final String EDITED = "set to float in the plan";

  private final PlanDocument document;
  private final PreparedModel prepared;
  private final PlanBackend backend;
  private final Map<String, Node> present = new LinkedHashMap<>();
  private final Map<String, FoldedNode> folded = new LinkedHashMap<>();
  private final Set<Point> boundary = new LinkedHashSet<>();

  PlanBinding(PlanDocument document, PreparedModel prepared, PlanBackend backend) {
    this.document = document;
    this.prepared = prepared;
    this.backend = backend;
    Graph graph = prepared.model().graph();
    graph.nodesWithSubgraphs().forEach(n -> present.put(n.name(), n));
    graph.inputs().forEach(input -> boundary.add(Point.input(input.name())));
    graph.outputs().forEach(output -> boundary.add(Point.output(output.name())));
    prepared.folded().forEach(n -> folded.put(n.name(), n));
  }

  Plan bind() {
    requireModel();
    requireNodes();
    List<PlannedNode> effective = effective();
    PlanGroups groups = new PlanGroups(document, boundary);
    addBoundary(groups);
    for (int i = 0; i < effective.size(); i++) {
      addPoints(groups, i, effective.get(i));
    }
    groups.check();
    List<Finding> findings =
        KeptOperands.with(
            document.findings(), kept(), prepared.model().graph(), effective, document.groups());
    Plan plan = new Plan(document.withoutSource(), prepared, backend, effective, findings);
    return PlannedNames.require(plan, document);
  }

  private List<KeptOperands.Kept> kept() {
    List<KeptOperands.Kept> kept = new ArrayList<>();
    for (PlannedNode node : document.nodes()) {
      node.operands()
          .forEach(
              point ->
                  KeptOperands.Kept.of(node.name(), point.index(), point.spec())
                      .ifPresent(kept::add));
    }
    return kept;
  }

  private void requireModel() {
    if (!document.modelHash().equals(prepared.modelHash())) {
      throw PlanErrors.OTHER_MODEL
          .error(
              "the plan is for another model: one with SHA-256 "
                  + document.modelHash()
                  + ", not "
                  + prepared.modelHash())
          .at(document.position("$.model.sha256").toString())
          .build();
    }
    if (!document.preparedHash().equals(prepared.preparedHash())) {
      throw PlanErrors.PREPARED_DIFFERENTLY
          .error(
              "the model is the one that was planned, but it is prepared differently here: by "
                  + made(OctetBuild.current(), Optional.of(BackendBuild.of(backend.build()))))
          .at(document.position("$.model.preparedSha256").toString())
          .next(
              document.octet().equals(OctetBuild.unknown())
                  ? "The plan does not say what made it: use the release that did, or plan again."
                  : "Use " + made(document.octet(), document.build()) + ", or plan again.");
    }
  }

  private String made(OctetBuild octet, Optional<BackendBuild> build) {
    String version = build.flatMap(BackendBuild::version).map(v -> " version " + v).orElse("");
    return octet + " and backend '" + backend.name() + "'" + version;
  }

  private void requireNodes() {
    Set<String> listed = new HashSet<>();
    for (int i = 0; i < document.nodes().size(); i++) {
      PlannedNode node = document.nodes().get(i);
      if (!present.containsKey(node.name()) && !folded.containsKey(node.name())) {
        throw error(
                PlanErrors.UNKNOWN_NODE,
                "the model has no node '" + node.name() + "'",
                path(i) + ".name")
            .candidates(NearMisses.of(node.name(), present.keySet()))
            .build();
      }
      if (!listed.add(node.name())) {
        throw error(
                PlanErrors.NODE_TWICE,
                "node '" + node.name() + "' is listed twice",
                path(i) + ".name")
            .build();
      }
      requireSameNode(node, i);
    }
    for (String name : names()) {
      if (!listed.contains(name)) {
        throw error(PlanErrors.MISSING_NODE, "node '" + name + "' is missing", "$.nodes").build();
      }
    }
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(present.keySet());
    names.addAll(folded.keySet());
    return names;
  }

  private static String path(int node) {
    return "$.nodes[" + node + "]";
  }

  private void requireSameNode(PlannedNode node, int index) {
    FoldedNode gone = folded.get(node.name());
    String op = gone != null ? gone.op().toString() : op(node.name());
    if (!node.op().equals(op)) {
      throw error(
              PlanErrors.OTHER_OPERATOR,
              "node '" + node.name() + "' is no " + node.op() + " but a " + op,
              path(index) + ".op")
          .next("Write " + op + ".");
    }
    if (gone != null
        && node.quantized()
        && !(node.operands().isEmpty() && node.results().isEmpty())) {
      throw error(
              PlanErrors.FOLDED_NODE,
              "node '" + node.name() + "' is " + gone.became() + " and has no points",
              path(index))
          .build();
    }
  }

  private String op(String name) {
    Node node = present.get(name);
    return node == null ? "" : node.op().toString();
  }

  /** Returns the decisions with the edits carried out. */
  private List<PlannedNode> effective() {
    Set<String> keptFloat = new HashSet<>();
    Map<String, PlannedNode> listed = new HashMap<>();
    document.nodes().forEach(node -> listed.put(node.name(), node));
    for (PlannedNode node : document.nodes()) {
      FoldedNode gone = folded.get(node.name());
      if (gone != null && isSetToFloat(node, gone, listed)) {
        keptFloat.addAll(gone.into());
      }
    }
    Map<String, PlannedNode> decided = new HashMap<>();
    for (PlannedNode node : document.nodes()) {
      if (!folded.containsKey(node.name())) {
        decided.put(node.name(), decision(node, keptFloat.contains(node.name())));
      }
    }
    return document.nodes().stream()
        .map(
            node -> {
              FoldedNode gone = folded.get(node.name());
              PlannedNode decision = decided.get(node.name());
              return gone == null && decision != null
                  ? decision
                  : FoldedDecision.of(folded(node.name()), decided::get);
            })
        .toList();
  }

  /** A folded node is in float without an edit where one of those that do its work is. */
  private static boolean isSetToFloat(
      PlannedNode node, FoldedNode gone, Map<String, PlannedNode> listed) {
    boolean edited = node.rule().isPresent() || node.reason().isEmpty();
    return !node.quantized() && (edited || FoldedDecision.of(gone, listed::get).quantized());
  }

  private FoldedNode folded(String name) {
    FoldedNode gone = folded.get(name);
    if (gone == null) {
      throw new IllegalStateException("node '" + name + "' was checked to be present or folded");
    }
    return gone;
  }

  private static PlannedNode decision(PlannedNode node, boolean keptFloat) {
    if (!node.quantized()) {
      boolean edited = node.rule().isPresent() || node.reason().isEmpty();
      return node.inFloat(node.reason().orElse(EDITED), edited ? "plan" : node.decidedBy());
    }
    if (keptFloat) {
      return node.inFloat("a node that is folded into it is " + EDITED, "plan");
    }
    return node.onlyKeptFloat().map(reason -> node.inFloat(reason, "plan")).orElse(node);
  }

  private void addBoundary(PlanGroups groups) {
    Map<Point.Side, Integer> items = new EnumMap<>(Point.Side.class);
    Set<Point> listed = new HashSet<>();
    for (PlannedBoundary planned : document.boundary()) {
      Point point = planned.point();
      int item = items.merge(point.side(), 1, Integer::sum) - 1;
      String at = PlanGroups.pathOf(point.side(), -1, item) + ".name";
      if (!boundary.contains(point)) {
        throw PlanErrors.noPoint("the model has no " + point, place(at))
            .candidates(NearMisses.of(point.name(), namesOf(point.side())))
            .next("Use a name that the model has.");
      }
      if (!listed.add(point)) {
        throw PlanErrors.pointTwice(point.toString(), place(at));
      }
      groups.add(planned, item);
    }
  }

  private List<String> namesOf(Point.Side side) {
    return boundary.stream().filter(p -> p.side() == side).map(Point::name).toList();
  }

  private void addPoints(PlanGroups groups, int index, PlannedNode node) {
    Node actual = present.get(node.name());
    if (actual == null) {
      return;
    }
    addPoints(groups, index, node.operands(), actual, Point.Side.OPERAND);
    addPoints(groups, index, node.results(), actual, Point.Side.RESULT);
  }

  private void addPoints(
      PlanGroups groups, int nodeIndex, List<PlannedPoint> points, Node node, Point.Side side) {
    List<String> values = side == Point.Side.OPERAND ? node.operands() : node.results();
    Set<Integer> indices = new HashSet<>();
    for (int i = 0; i < points.size(); i++) {
      PlannedPoint point = points.get(i);
      String tensor = tensor(values, point.index());
      if (tensor == null || !tensor.equals(point.tensor()) || !indices.add(point.index())) {
        throw misfit(point, node, tensor, PlanGroups.pathOf(side, nodeIndex, i), side);
      }
      groups.add(new Point(node.name(), side, point.index()), point, nodeIndex, i);
    }
  }

  /** Says what is wrong with an entry that names no operand or result, or one that was named. */
  private OctetException misfit(
      PlannedPoint point, Node node, @Nullable String tensor, String at, Point.Side side) {
    String where = (side == Point.Side.OPERAND ? "operand " : "result ") + point.index();
    if (tensor == null) {
      List<String> values = side == Point.Side.OPERAND ? node.operands() : node.results();
      String fact = "node '" + node.name() + "' has no " + where;
      return PlanErrors.noPoint(fact, place(at + ".index"))
          .next("Use an index of " + values + ", from 0.");
    }
    if (!tensor.equals(point.tensor())) {
      return error(
              PlanErrors.OTHER_TENSOR,
              where + " is '" + tensor + "', not '" + point.tensor() + "'",
              at + ".tensor")
          .next("Write '" + tensor + "'.");
    }
    return PlanErrors.pointTwice(where, place(at + ".index"));
  }

  private static @Nullable String tensor(List<String> values, int index) {
    boolean exists = index >= 0 && index < values.size() && !values.get(index).isEmpty();
    return exists ? values.get(index) : null;
  }

  private OctetException.Builder error(ErrorId id, String fact, String path) {
    return id.error(fact).at(place(path));
  }

  private String place(String path) {
    return document.position(path).toString();
  }
}
