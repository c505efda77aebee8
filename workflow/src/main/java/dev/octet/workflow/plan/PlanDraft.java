package dev.octet.workflow.plan;

import dev.octet.annotation.ResolvedGraph;
import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.PolicyTree;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.workflow.normalise.FoldedNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/** Writes what a backend decided as a plan. */
public final class PlanDraft {

  private final PreparedModel prepared;
  private final ResolvedGraph resolved;
  private final Map<String, PlannedNode> present = new LinkedHashMap<>();

  private PlanDraft(PreparedModel prepared, ResolvedGraph resolved) {
    this.prepared = prepared;
    this.resolved = resolved;
    for (Node node : prepared.model().graph().nodesWithSubgraphs()) {
      present.put(node.name(), planned(node));
    }
  }

  /** Returns the plan of a resolved graph. */
  public static PlanDocument of(
      PreparedModel prepared,
      ResolvedGraph resolved,
      String backend,
      Options options,
      Policy policy,
      List<Finding> findings) {
    PlanDraft drafting = new PlanDraft(prepared, resolved);
    List<PlannedGroup> groups = new ArrayList<>();
    for (ObserverPlan.Group group : resolved.groups()) {
      groups.add(new PlannedGroup(group.id(), group.spec()));
    }
    return new PlanDocument(
        backend,
        options,
        policy.rules().isEmpty() ? Optional.empty() : Optional.of(PolicyTree.toTree(policy)),
        prepared.modelHash(),
        prepared.preparedHash(),
        drafting.nodes(),
        groups,
        findings,
        Optional.empty());
  }

  /** The user's nodes in their order, each followed by the nodes that took its place. */
  private List<PlannedNode> nodes() {
    Map<String, FoldedNode> folded = new HashMap<>();
    prepared.folded().forEach(node -> folded.put(node.name(), node));
    Map<String, PlannedNode> nodes = new LinkedHashMap<>();
    for (Node node : prepared.original().graph().nodesWithSubgraphs()) {
      FoldedNode gone = folded.get(node.name());
      if (gone == null) {
        put(nodes, node.name());
      } else {
        nodes.put(gone.name(), FoldedDecision.of(gone, present));
      }
    }
    Map<String, PlannedNode> ordered = new LinkedHashMap<>();
    nodes.forEach(
        (name, node) -> {
          ordered.put(name, node);
          replacements(folded.get(name), nodes).forEach(r -> put(ordered, r));
        });
    present.keySet().forEach(name -> put(ordered, name));
    return List.copyOf(ordered.values());
  }

  private static Stream<String> replacements(
      @org.jspecify.annotations.Nullable FoldedNode gone, Map<String, PlannedNode> users) {
    return gone == null ? Stream.of() : gone.into().stream().filter(n -> !users.containsKey(n));
  }

  private void put(Map<String, PlannedNode> nodes, String name) {
    PlannedNode node = present.get(name);
    if (node != null) {
      nodes.putIfAbsent(name, node);
    }
  }

  private PlannedNode planned(Node node) {
    NodeAnnotation annotation = resolved.annotated().nodes().get(node.name());
    if (annotation == null) {
      throw new IllegalStateException("node '" + node.name() + "' has no decision");
    }
    if (annotation.rule().isEmpty()) {
      return inFloat(node, annotation.reason(), annotation.decidedBy().orElse("backend"));
    }
    String decider = annotation.decidedBy().orElse("rule " + annotation.rule().get());
    Optional<String> keptFloat = onlyKeptFloat(annotation);
    if (keptFloat.isPresent()) {
      return inFloat(node, keptFloat, decider);
    }
    return new PlannedNode(
        node.name(),
        node.op().toString(),
        true,
        annotation.rule(),
        Optional.empty(),
        decider,
        Optional.empty(),
        points(node, Point.Side.OPERAND, annotation.operands()),
        points(node, Point.Side.RESULT, annotation.results()));
  }

  private static PlannedNode inFloat(Node node, Optional<String> reason, String decider) {
    return new PlannedNode(
        node.name(),
        node.op().toString(),
        false,
        Optional.empty(),
        reason,
        decider,
        Optional.empty(),
        List.of(),
        List.of());
  }

  /** Returns the reason of a node whose rule keeps every marked point in float. */
  private static Optional<String> onlyKeptFloat(NodeAnnotation annotation) {
    List<QuantizationSpec> specs =
        Stream.concat(
                annotation.operands().values().stream(), annotation.results().values().stream())
            .toList();
    boolean all = specs.stream().allMatch(spec -> spec.floatReason().isPresent());
    return all && !specs.isEmpty() ? specs.get(0).floatReason() : Optional.empty();
  }

  private List<PlannedPoint> points(
      Node node, Point.Side side, SortedMap<Integer, QuantizationSpec> marks) {
    List<String> values = side == Point.Side.OPERAND ? node.operands() : node.results();
    List<PlannedPoint> points = new ArrayList<>();
    marks.forEach(
        (index, mark) -> {
          Optional<ObserverPlan.Group> group = resolved.group(new Point(node.name(), side, index));
          boolean replaced = mark.concrete().isPresent() && group.isPresent();
          QuantizationSpec spec = replaced ? group.orElseThrow().spec() : mark;
          points.add(
              new PlannedPoint(index, values.get(index), group.map(ObserverPlan.Group::id), spec));
        });
    return points;
  }
}
