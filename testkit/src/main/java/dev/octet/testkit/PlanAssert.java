package dev.octet.testkit;

import dev.octet.api.error.NearMisses;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.quantizer.Finding;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedNode;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Assertions on a plan. Each throws an {@link AssertionError} that says what was expected, what the
 * plan says and why, and which names there are; each returns what the next one is asked of.
 *
 * <pre>{@code
 * assertPlan(plan).node("conv1").isOwnedBy("conv").operand(1).is("int8 symmetric per-channel-0");
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class PlanAssert {

  private final Plan plan;

  private PlanAssert(Plan plan) {
    this.plan = Objects.requireNonNull(plan, "plan");
  }

  /** Begins to assert something of a plan. */
  public static PlanAssert assertPlan(Plan plan) {
    return new PlanAssert(plan);
  }

  Plan plan() {
    return plan;
  }

  /**
   * Goes on to a node.
   *
   * @param name its name; nodes of subgraphs and folded ones are nodes, too
   * @throws AssertionError if the plan has none of that name, with the nearest
   */
  public NodeAssert node(String name) {
    return plan.nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .map(node -> new NodeAssert(this, node))
        .orElseThrow(
            () -> missing("node", name, plan.nodes().stream().map(PlannedNode::name).toList()));
  }

  /**
   * Goes on to an input of the model: the value as the caller supplies it.
   *
   * @throws AssertionError if the model has none of that name, with the nearest
   */
  public BoundaryAssert input(String name) {
    return boundary("input", name, plan.prepared().model().graph().inputs(), Point.input(name));
  }

  /**
   * Goes on to an output of the model: the value as the caller gets it.
   *
   * @throws AssertionError if the model has none of that name, with the nearest
   */
  public BoundaryAssert output(String name) {
    return boundary("output", name, plan.prepared().model().graph().outputs(), Point.output(name));
  }

  private BoundaryAssert boundary(String what, String name, List<ValueInfo> known, Point point) {
    List<String> names = known.stream().map(ValueInfo::name).toList();
    if (!names.contains(name)) {
      throw missing(what, name, names);
    }
    return new BoundaryAssert(this, point);
  }

  /**
   * Asserts which nodes are quantized, in any order.
   *
   * @param names all of them; none when the whole model stays float
   */
  public PlanAssert quantizesOnly(String... names) {
    Set<String> expected = new TreeSet<>(List.of(names));
    Set<String> found = new TreeSet<>();
    plan.nodes().stream().filter(PlannedNode::quantized).forEach(node -> found.add(node.name()));
    if (!found.equals(expected)) {
      throw new AssertionError(
          "expected that %s are quantized, and the plan quantizes %s".formatted(expected, found)
              + differences(expected));
    }
    return this;
  }

  private String differences(Set<String> expected) {
    StringBuilder lines = new StringBuilder();
    for (PlannedNode node : plan.nodes()) {
      if (node.quantized() != expected.contains(node.name())) {
        lines.append("\n  ").append(words(node));
      }
    }
    for (String name : expected) {
      if (plan.nodes().stream().noneMatch(node -> node.name().equals(name))) {
        lines.append("\n  there is no node '").append(name).append("'");
      }
    }
    return lines.toString();
  }

  /**
   * Asserts that a finding is among those of the plan.
   *
   * @param id the finding's id, such as {@code OCT-PLAN-014}
   */
  public PlanAssert finds(String id) {
    if (plan.findings().stream().noneMatch(finding -> finding.id().equals(id))) {
      throw new AssertionError(
          "expected the finding %s, and the plan has %s".formatted(id, found()));
    }
    return this;
  }

  /** Asserts that the plan has no finding. */
  public PlanAssert findsNothing() {
    if (!plan.findings().isEmpty()) {
      throw new AssertionError("expected no finding, and the plan has " + found());
    }
    return this;
  }

  private String found() {
    List<String> lines = plan.findings().stream().map(PlanAssert::words).toList();
    return lines.isEmpty() ? "none" : String.join("; ", lines);
  }

  private static String words(Finding finding) {
    return finding.id()
        + finding.node().map(n -> " at '" + n + "'").orElse("")
        + ": "
        + finding.message();
  }

  /** Returns a node and what is decided of it. */
  static String words(PlannedNode node) {
    return "'%s' (%s): %s".formatted(node.name(), node.op(), PlanWords.decision(node));
  }

  private static AssertionError missing(String what, String name, List<String> known) {
    List<String> near = NearMisses.of(name, known);
    return new AssertionError(
        near.isEmpty()
            ? "the plan has no %s '%s', nor any other".formatted(what, name)
            : "the plan has no %s '%s'; the nearest of %s: '%s'"
                .formatted(what, name, known.size(), String.join("', '", near)));
  }
}
