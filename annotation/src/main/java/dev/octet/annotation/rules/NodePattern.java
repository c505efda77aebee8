package dev.octet.annotation.rules;

import dev.octet.api.graph.OpType;
import dev.octet.api.pattern.NodeCondition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A chain of operators: each step reads the first result of the step before it. Immutable; every
 * method returns a new pattern.
 *
 * <p>{@code op("Conv").constantOperand(1).optionally("Relu", "Clip")} matches a convolution with a
 * constant weight, alone or with the Relu or Clip that alone reads its result. Methods about
 * conditions and operands speak of the step that was added last.
 *
 * @param steps the steps in data-flow order, at least one
 */
public record NodePattern(List<Step> steps) {

  /** Operators whose operands can change places. */
  private static final Set<String> COMMUTATIVE = Set.of("Add", "Mul", "Max", "Min", "Sum", "Mean");

  /** Copies the steps; the first one must not be optional. */
  public NodePattern {
    steps = List.copyOf(steps);
    if (steps.isEmpty() || steps.get(0).optional()) {
      throw new IllegalArgumentException("a pattern begins with a step that is not optional");
    }
  }

  /**
   * Starts a pattern.
   *
   * @param name the operator, as {@code Conv} or with its domain as {@code com.microsoft.Gelu}
   */
  public static NodePattern op(String name) {
    return anyOf(name);
  }

  /** Starts a pattern whose first node is of any of these operators; see {@link #op}. */
  public static NodePattern anyOf(String... names) {
    return new NodePattern(List.of(step(false, names)));
  }

  /**
   * Adds a step that must be there and alone reads the result before it: by any operand for
   * commutative operators (Add, Mul, Max, Min, Sum, Mean), by operand 0 for others.
   */
  public NodePattern then(String... names) {
    return plus(step(false, names));
  }

  /** Adds a step that may be there; see {@link #then}. */
  public NodePattern optionally(String... names) {
    return plus(step(true, names));
  }

  /** The step reads the result before it by this operand. */
  public NodePattern through(int operand) {
    return withLast(last().withEntry(OptionalInt.of(operand)));
  }

  /** The step reads the result before it by any operand; the lowest one that fits is taken. */
  public NodePattern throughAnyOperand() {
    return withLast(last().withEntry(OptionalInt.empty()));
  }

  /** The result before the step may have other readers, or be an output. */
  public NodePattern besideOtherReaders() {
    return withLast(last().withOtherReaders());
  }

  /** An operand of the step is a constant. */
  public NodePattern constantOperand(int operand) {
    return where(Conditions.constantOperand(operand));
  }

  /** An operand of the step is left out or a constant. */
  public NodePattern constantIfPresent(int operand) {
    return where(
        Conditions.any(Conditions.absentOperand(operand), Conditions.constantOperand(operand)));
  }

  /** An operand of the step is there and not a constant. */
  public NodePattern variableOperand(int operand) {
    return where(Conditions.variableOperand(operand));
  }

  /** The step fulfils conditions. */
  public NodePattern where(NodeCondition... conditions) {
    List<NodeCondition> all = new ArrayList<>(last().conditions());
    all.addAll(Arrays.asList(conditions));
    return withLast(last().withConditions(all));
  }

  /** Tells whether the pattern depends on what other rules have quantized. */
  boolean dependsOnOtherRules() {
    return steps.stream()
        .flatMap(s -> s.conditions().stream())
        .anyMatch(NodeCondition::dependsOnMarks);
  }

  private Step last() {
    return steps.get(steps.size() - 1);
  }

  private NodePattern plus(Step step) {
    List<Step> more = new ArrayList<>(steps);
    more.add(step);
    return new NodePattern(more);
  }

  private NodePattern withLast(Step step) {
    List<Step> changed = new ArrayList<>(steps);
    changed.set(changed.size() - 1, step);
    return new NodePattern(changed);
  }

  private static Step step(boolean optional, String... names) {
    List<OpType> ops = Arrays.stream(names).map(NodePattern::opType).toList();
    boolean commutative = ops.stream().allMatch(op -> COMMUTATIVE.contains(op.toString()));
    return new Step(
        ops, optional, commutative ? OptionalInt.empty() : OptionalInt.of(0), true, List.of());
  }

  /** Returns the operator of a text such as {@code Conv} or {@code com.microsoft.Gelu}. */
  static OpType opType(String text) {
    int dot = text.lastIndexOf('.');
    return new OpType(dot < 0 ? "" : text.substring(0, dot), text.substring(dot + 1));
  }
}
