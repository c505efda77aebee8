package dev.octet.workflow.plan;

import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.PolicyTree;
import dev.octet.annotation.resolve.ResolvedGraph;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.BoundaryAnnotation;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.workflow.normalise.FoldedNode;
import dev.octet.workflow.provenance.BackendBuild;
import dev.octet.workflow.provenance.OctetBuild;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** Writes what a backend decided as a plan. */
public final class PlanDraft {

  private final PreparedModel prepared;
  private final ResolvedGraph resolved;
  private final GraphValues graph;
  private final PlannedNode[] present;
  private final Map<String, String> deciders = new HashMap<>();

  private PlanDraft(PreparedModel prepared, ResolvedGraph resolved) {
    this.prepared = prepared;
    this.resolved = resolved;
    this.graph = GraphValues.of(prepared.model().graph());
    this.present = graph.members().stream().map(this::planned).toArray(PlannedNode[]::new);
  }

  /**
   * Returns the plan of a resolved graph. It fits its model, for it was made from it, and is not
   * bound to it again.
   *
   * @param backend the backend that decided
   * @param options all options that were given, those of the framework among them
   * @param findings what is known of the plan; what its decisions themselves say is added
   * @throws dev.octet.api.error.OctetException {@code OCT-CAL-001}, {@code OCT-CAL-002} or {@code
   *     OCT-CAL-024} if an observer, one of its parameters or its value is not known
   */
  public static Plan of(
      PreparedModel prepared,
      ResolvedGraph resolved,
      PlanBackend backend,
      Options options,
      Policy policy,
      List<Finding> findings) {
    List<PlannedNode> nodes = new PlanDraft(prepared, resolved).nodes();
    List<PlannedBoundary> boundary = boundary(resolved);
    List<PlannedGroup> groups = groups(resolved, boundary, nodes);
    PlanDocument document =
        new PlanDocument(
            backend.name(),
            OctetBuild.current(),
            Optional.of(BackendBuild.of(backend.build())),
            options,
            policy.isEmpty() ? Optional.empty() : Optional.of(PolicyTree.toTree(policy)),
            prepared.modelHash(),
            prepared.preparedHash(),
            boundary,
            nodes,
            groups,
            KeptOperands.with(findings, kept(resolved), prepared.model().graph(), nodes, groups),
            PlanExtras.none(),
            Optional.empty());
    Plan plan = new Plan(document, prepared, backend, document.nodes(), document.findings());
    return PlannedNames.require(plan, document);
  }

  private static List<PlannedGroup> groups(
      ResolvedGraph resolved, List<PlannedBoundary> boundary, List<PlannedNode> nodes) {
    List<Integer> ids = resolved.groups().stream().map(ObserverPlan.Group::id).toList();
    Map<Integer, String> names = GroupNames.of(ids, boundary, nodes);
    return resolved.groups().stream()
        .map(
            group ->
                new PlannedGroup(
                    group.id(),
                    Objects.requireNonNull(names.get(group.id()), "every group is named"),
                    group.spec()))
        .toList();
  }

  private static List<KeptOperands.Kept> kept(ResolvedGraph resolved) {
    List<KeptOperands.Kept> kept = new ArrayList<>();
    for (NodeAnnotation decision : resolved.annotated().nodes().values()) {
      decision
          .operands()
          .forEach(
              (index, spec) ->
                  KeptOperands.Kept.of(decision.node(), index, spec).ifPresent(kept::add));
    }
    return kept;
  }

  /** Inputs and outputs in the order of the graph. */
  private static List<PlannedBoundary> boundary(ResolvedGraph resolved) {
    List<PlannedBoundary> boundary = new ArrayList<>();
    for (BoundaryAnnotation at : resolved.annotated().boundary().values()) {
      Optional<ObserverPlan.Group> group = resolved.group(at.point());
      boundary.add(
          new PlannedBoundary(
              at.point(),
              at.decidedBy().orElse("backend"),
              group.map(ObserverPlan.Group::id),
              planned(at.spec(), group)));
    }
    return boundary;
  }

  /** A quantizer may have replaced the spec of the group. */
  private static QuantizationSpec planned(
      QuantizationSpec marked, Optional<ObserverPlan.Group> group) {
    return marked.concrete().isPresent() && group.isPresent() ? group.get().spec() : marked;
  }

  /** The user's nodes in their order, each followed by the nodes that took its place. */
  private List<PlannedNode> nodes() {
    Map<String, FoldedNode> folded = new HashMap<>();
    prepared.folded().forEach(node -> folded.put(node.name(), node));
    List<Node> users = prepared.original().graph().nodesWithSubgraphs();
    Set<String> brought = brought(users);
    List<PlannedNode> nodes = new ArrayList<>(users.size() + brought.size());
    for (Node user : users) {
      FoldedNode gone = folded.get(user.name());
      if (gone == null) {
        nodes.add(present(user.name()));
      } else {
        nodes.add(FoldedDecision.of(gone, this::present));
        gone.into().stream().filter(brought::remove).map(this::present).forEach(nodes::add);
      }
    }
    brought.forEach(name -> nodes.add(present(name)));
    return nodes;
  }

  /** Returns the decision on a node of the graph whose points are planned. */
  private PlannedNode present(String node) {
    return present[graph.member(node).orElseThrow().number()];
  }

  /** Returns the names of the nodes that the user's model has not. */
  private Set<String> brought(List<Node> users) {
    Set<String> brought = new LinkedHashSet<>();
    if (present.length != users.size() - prepared.folded().size()) {
      graph.members().forEach(member -> brought.add(member.node().name()));
      users.forEach(user -> brought.remove(user.name()));
    }
    return brought;
  }

  private PlannedNode planned(GraphValues.Member member) {
    Node node = member.node();
    NodeAnnotation annotation =
        resolved
            .decision(member)
            .orElseThrow(
                () -> new IllegalStateException("node '" + node.name() + "' has no decision"));
    String decider =
        annotation
            .decidedBy()
            .orElseGet(() -> annotation.rule().map(this::decider).orElse("backend"));
    PlannedNode planned =
        new PlannedNode(
            node.name(),
            node.op().toString(),
            annotation.isQuantized(),
            annotation.rule(),
            annotation.quantizer(),
            annotation.reason(),
            decider,
            Optional.empty(),
            points(member, Point.Side.OPERAND, annotation.operands()),
            points(member, Point.Side.RESULT, annotation.results()));
    return annotation.reason().map(why -> planned.inFloat(why, decider)).orElse(planned);
  }

  /** A name is kept once, however many nodes the rule has. */
  private String decider(String rule) {
    return deciders.computeIfAbsent(rule, name -> "rule " + name);
  }

  private List<PlannedPoint> points(
      GraphValues.Member member, Point.Side side, SortedMap<Integer, QuantizationSpec> marks) {
    if (marks.isEmpty()) {
      return List.of();
    }
    Node node = member.node();
    List<String> values = side == Point.Side.OPERAND ? node.operands() : node.results();
    List<PlannedPoint> points = new ArrayList<>(marks.size());
    marks.forEach(
        (index, mark) -> {
          Optional<ObserverPlan.Group> group = resolved.group(member, side, index);
          points.add(
              new PlannedPoint(
                  index,
                  values.get(index),
                  group.map(ObserverPlan.Group::id),
                  planned(mark, group)));
        });
    return points;
  }
}
