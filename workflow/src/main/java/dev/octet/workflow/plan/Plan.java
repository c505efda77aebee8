package dev.octet.workflow.plan;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizationSpec.Fixed;
import dev.octet.api.spec.QuantizationSpec.Observed;
import dev.octet.workflow.calibrate.ObservedGroup;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.provenance.BuildCheck;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A plan that was checked against its model: what is quantized, and with whom it shares parameters.
 * Immutable and thread-safe.
 */
public final class Plan {

  private final PlanDocument document;
  private final PreparedModel prepared;
  private final PlanBackend backend;
  private final List<PlannedNode> nodes;
  private final List<Finding> findings;
  private final boolean otherProvider;
  private final List<PlannedBoundary> boundary;

  /** Found when somebody asks, as the next; two threads that ask at once may find it twice. */
  private volatile @Nullable GroupMembers members;

  private volatile @Nullable Map<Point, DataType> narrowFloats;

  /** Takes over decisions that are consistent; see {@link PlanBinding} and {@link PlanDraft}. */
  Plan(
      PlanDocument document,
      PreparedModel prepared,
      PlanBackend backend,
      List<PlannedNode> nodes,
      List<Finding> findings) {
    this(document, prepared, backend, nodes, findings, false);
  }

  private Plan(
      PlanDocument document,
      PreparedModel prepared,
      PlanBackend backend,
      List<PlannedNode> nodes,
      List<Finding> findings,
      boolean otherProvider) {
    this.document = document;
    this.prepared = prepared;
    this.backend = backend;
    this.nodes = List.copyOf(nodes);
    this.findings = List.copyOf(findings);
    this.otherProvider = otherProvider;
    this.boundary = document.boundary();
  }

  /**
   * Checks a plan against the model it is for.
   *
   * @param document the content of the plan file
   * @param prepared the model, as the plan's backend prepares it
   * @param backend the backend that made it
   * @throws dev.octet.api.error.OctetException of kind {@code INPUT}, naming the path in the plan:
   *     {@code OCT-PLAN-002} if it is for another model, {@code OCT-PLAN-003} if a node is unknown,
   *     {@code OCT-PLAN-017} if it is listed twice, {@code OCT-PLAN-018} if it is missing, {@code
   *     OCT-PLAN-019} if it is of another operator, {@code OCT-PLAN-020} if it is folded and has
   *     points, {@code OCT-PLAN-004} if a point does not exist, {@code OCT-PLAN-021} if it is
   *     listed twice, {@code OCT-PLAN-022} if it is another tensor, {@code OCT-PLAN-005} if a
   *     point's spec is not that of its group, {@code OCT-PLAN-006} if a shared point is not in the
   *     group of the other point, {@code OCT-PLAN-023} if there is no other point, {@code
   *     OCT-PLAN-007} if a source of a derived spec is not quantized, {@code OCT-PLAN-024} if
   *     derived specs depend on each other, {@code OCT-PLAN-008} if a group is not listed, {@code
   *     OCT-PLAN-011} if the model is the plan's but is prepared differently here; {@code
   *     OCT-CAL-001}, {@code OCT-CAL-002} or {@code OCT-CAL-024} if an observer, one of its
   *     parameters or its value is not known; {@code OCT-CAL-025} if a scale grid is not known;
   *     {@code OCT-CAL-027} if a derivation is not known
   */
  public static Plan bind(PlanDocument document, PreparedModel prepared, PlanBackend backend) {
    return new PlanBinding(document, prepared, backend).bind();
  }

  /**
   * Returns this plan for the backend that is there, even where another jar of it made the plan or
   * a calibration: that is a finding then, and no error.
   */
  public Plan allowingOtherProvider() {
    return new Plan(document, prepared, backend, nodes, findings, true);
  }

  /** Returns this plan with one more thing that a user must know. */
  public Plan withFinding(Finding finding) {
    List<Finding> more = new ArrayList<>(findings);
    more.add(finding);
    PlanDocument changed = document.withFinding(finding);
    return new Plan(changed, prepared, backend, nodes, more, otherProvider);
  }

  /**
   * Returns this plan with nodes in float, and with them those that have a point whose parameters
   * are derived from one of theirs.
   *
   * @param reasons why, by name of nodes of the prepared model; others that are named are ignored,
   *     and those that are in float already keep their reason
   * @param decidedBy who decided it, see {@link PlannedNode#decidedBy}
   */
  public Plan inFloat(Map<String, String> reasons, String decidedBy) {
    Map<String, String> all = DerivedFromFloat.with(reasons, nodes);
    List<PlannedNode> changed = new ArrayList<>(nodes.size());
    for (PlannedNode node : nodes) {
      String reason = node.folded().isEmpty() && node.quantized() ? all.get(node.name()) : null;
      changed.add(reason == null ? node : node.inFloat(reason, decidedBy));
    }
    Plan bound = bind(document.withNodes(changed), prepared, backend);
    return new Plan(
        bound.document.withNodes(bound.nodes),
        prepared,
        backend,
        bound.nodes,
        bound.findings,
        otherProvider);
  }

  /** Returns the content of the plan file. */
  public PlanDocument document() {
    return document;
  }

  /** Returns the backend that made the plan. */
  public PlanBackend backend() {
    return backend;
  }

  /** Returns the observers that the plan's specs may name; all that they name are among them. */
  public Observers observers() {
    return backend.observers();
  }

  /**
   * Compares the build of the backend that made the plan with the one that is there.
   *
   * @return what a user must know
   * @throws dev.octet.api.error.OctetException {@code OCT-PROV-001} if it is another jar of a
   *     vendor; see {@link #allowingOtherProvider}
   */
  public List<Finding> requireBuild() {
    return buildCheck().of("plan", document.build().stream().toList());
  }

  /** Returns what compares builds of the backend with the one that is there. */
  public BuildCheck buildCheck() {
    return new BuildCheck(document.backend(), backend.build(), otherProvider);
  }

  /** Returns the model that the plan is for. */
  public PreparedModel prepared() {
    return prepared;
  }

  /**
   * Returns the decisions in the order of the plan, edits carried out: nodes that stay float have
   * no points.
   */
  public List<PlannedNode> nodes() {
    return nodes;
  }

  /**
   * Returns the decisions on inputs and outputs of the graph, inputs first, each in the order of
   * the plan; none for those that stay as they are without a decision.
   */
  public List<PlannedBoundary> boundary() {
    return boundary;
  }

  /**
   * Returns the decisions on the nodes of the user's model, in the order of the plan; nodes that
   * the backend added are not among them.
   */
  public List<PlannedNode> userNodes() {
    List<Node> original = prepared.original().graph().nodesWithSubgraphs();
    // A plan lists every node once.
    if (original.size() == nodes.size()) {
      return nodes;
    }
    Set<String> users = new HashSet<>();
    original.forEach(node -> users.add(node.name()));
    return nodes.stream().filter(node -> users.contains(node.name())).toList();
  }

  /** Returns the groups that have points, by number. */
  public SortedMap<Integer, PlannedGroup> groups() {
    return Collections.unmodifiableSortedMap(members().groups());
  }

  /** Returns the points that become a narrower float, with its type, in the order of the plan. */
  public Map<Point, DataType> narrowFloats() {
    Map<Point, DataType> found = narrowFloats;
    if (found == null) {
      found = NarrowFloats.of(nodes);
      narrowFloats = found;
    }
    return Collections.unmodifiableMap(found);
  }

  /** Returns the group of a point; empty when it is not quantized. */
  public Optional<PlannedGroup> group(Point point) {
    return members().group(point);
  }

  /** Returns what a user must know: what the plan says, and what follows from edits of it. */
  public List<Finding> findings() {
    return findings;
  }

  /**
   * Returns the groups whose scales and zero points calibration finds, by number: those with an
   * observed spec of static mode that have at least one value which is no constant.
   */
  public SortedMap<Integer, ObservedGroup> observedByNumber() {
    SortedMap<Integer, ObservedGroup> observed = new TreeMap<>();
    forEachMeasured(
        (id, group, names) ->
            group
                .spec()
                .observed()
                .filter(spec -> spec.mode() == Mode.STATIC)
                .ifPresent(spec -> observed.put(id, new ObservedGroup(names, spec))));
    return Collections.unmodifiableSortedMap(observed);
  }

  /** Returns the groups of {@link #observedByNumber}, in their order. */
  public List<ObservedGroup> observedGroups() {
    return List.copyOf(observedByNumber().values());
  }

  /**
   * Returns the groups with one fixed scale that have values which are no constants, each with that
   * scale: calibration looks at their values, too, and what it sees decides nothing, but tells
   * whether the grids fit. None where no parameters are found by calibration.
   */
  public Map<ObservedGroup, Fixed> watchedGroups() {
    if (observedByNumber().isEmpty()) {
      return Map.of();
    }
    Map<ObservedGroup, Fixed> watched = new LinkedHashMap<>();
    forEachMeasured(
        (id, group, names) ->
            fixed(group.spec())
                .ifPresent(
                    grid -> watched.put(new ObservedGroup(names, Observed.of(grid.type())), grid)));
    return Collections.unmodifiableMap(watched);
  }

  /** What is done with a group. */
  private interface GroupUse {
    void of(int id, PlannedGroup group, List<String> names);
  }

  /** Gives the groups that have values which are no constants, in order, with all their values. */
  private void forEachMeasured(GroupUse use) {
    valuesByGroup()
        .forEach(
            (id, values) -> {
              PlannedGroup group = groups().get(id);
              if (!isConstant(id) && group != null) {
                use.of(id, group, values.stream().map(GraphValue::path).distinct().toList());
              }
            });
  }

  private static Optional<Fixed> fixed(QuantizationSpec.Concrete spec) {
    return spec.match(
            new QuantizationSpec.ConcreteCases<Optional<Fixed>>(
                observed -> Optional.empty(), Optional::of, derived -> Optional.empty()))
        .filter(grid -> grid.parameters().count() == 1);
  }

  /** Returns the points of each group, sorted. */
  public SortedMap<Integer, List<Point>> pointsByGroup() {
    return Collections.unmodifiableSortedMap(members().points());
  }

  /** Returns the values that each group's points read or define, in the order of the graph. */
  public SortedMap<Integer, List<GraphValue>> valuesByGroup() {
    return Collections.unmodifiableSortedMap(members().values());
  }

  /** Tells whether all values of a group are constants, so that it needs no calibration. */
  public boolean isConstant(int group) {
    return valuesByGroup().getOrDefault(group, List.of()).stream()
        .allMatch(v -> v.constant().isPresent());
  }

  /**
   * Returns a hash of everything that the plan decides, in lower-case hexadecimal digits. A plan
   * that was written, read and bound again has the same.
   */
  public String contentHash() {
    return PlanHash.of(this);
  }

  private GroupMembers members() {
    GroupMembers found = members;
    if (found == null) {
      found = new GroupMembers(document.groups(), nodes, boundary, prepared.model().graph());
      members = found;
    }
    return found;
  }

  /** Returns what {@link PlanDocument} says of itself. */
  @Override
  public String toString() {
    return document.toString();
  }
}
