package dev.octet.annotation.rules;

import dev.octet.api.graph.OpType;
import dev.octet.api.pattern.NodeCondition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * A small graph of operators: a chain, each step of which reads the first result of the step before
 * it, and branches that join it. Immutable; every method returns a new pattern.
 *
 * <p>{@code op("Conv").constantOperand(1).optionally("Relu", "Clip")} matches a convolution with a
 * constant weight, alone or with the Relu or Clip that alone reads its result. Methods about
 * conditions, operands and names speak of the step of the chain that was added last.
 *
 * <p>{@code op("Conv").as("left").then("Add").joinedBy(op("Conv").as("right"))} matches a sum of
 * two convolutions. Such a pattern is looked for from its first step; of two ways to place the same
 * nodes, the one through the lowest operands is taken, step after step.
 *
 * @param steps the steps: the chain in data-flow order, each branch from its last step to its first
 *     behind the step that it joins; at least one
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
    Set<String> names = new HashSet<>();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (step.from() >= i || (i > 0) != (step.from() >= 0) || (i == 0 && step.joins())) {
        throw new IllegalArgumentException("step " + i + " is found from step " + step.from());
      }
      if (!step.name().isEmpty() && !names.add(step.name())) {
        throw new IllegalArgumentException("two steps are named '" + step.name() + "'");
      }
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
   * Starts a pattern whose first node is of any of these operators; see {@link #op}.
   *
   * @param names the operators, with a space between each two
   */
  public static NodePattern anyIn(String names) {
    return anyOf(names.split(" ", -1));
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

  /**
   * Names the step, so that its points can be named: {@link #operand}, {@link #result}.
   *
   * @throws IllegalArgumentException if another step has the name
   */
  public NodePattern as(String name) {
    return withLast(last().named(name));
  }

  /**
   * Another operand of the step is the first result of a second pattern, which nobody else reads.
   * Conditions of the branch may speak of the steps before it. The branch may have optional steps
   * and branches of its own. Where the step is optional, its branch is there with it alone.
   *
   * @param branch the pattern; branches of its own join steps of it that must be there
   * @throws IllegalArgumentException if a branch of the branch joins an optional step
   */
  public NodePattern joinedBy(NodePattern branch) {
    return joined(OptionalInt.empty(), branch);
  }

  /** As {@link #joinedBy(NodePattern)}, by a certain operand of the step. */
  public NodePattern joinedBy(int operand, NodePattern branch) {
    return joined(OptionalInt.of(operand), branch);
  }

  private NodePattern joined(OptionalInt operand, NodePattern branch) {
    List<Step> more = new ArrayList<>(steps);
    branch.appendAsBranch(more, lastOfChain(), operand, true);
    return new NodePattern(more);
  }

  /** The last step of the chain comes first, the branches that join a step behind it. */
  private void appendAsBranch(List<Step> all, int joined, OptionalInt operand, boolean alone) {
    int into = joined;
    OptionalInt through = operand;
    boolean onlyReader = alone;
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step step = steps.get(i);
      if (step.joins()) {
        continue;
      }
      all.add(step.joining(into, through, onlyReader));
      into = all.size() - 1;
      through = step.entry();
      onlyReader = step.alone();
      appendBranchesOf(i, all, into);
    }
  }

  /** Copies what joins a step, directly or through others; it follows the step. */
  private void appendBranchesOf(int step, List<Step> all, int copy) {
    int[] copies = new int[steps.size()];
    copies[step] = copy;
    for (int i = step + 1; i < steps.size() && steps.get(i).joins(); i++) {
      Step branch = steps.get(i);
      if (steps.get(step).optional()) {
        throw new IllegalArgumentException(
            "a branch of a branch joins a step that must be there, not the optional "
                + steps.get(step).ops());
      }
      all.add(branch.joining(copies[branch.from()], branch.entry(), branch.alone()));
      copies[i] = all.size() - 1;
    }
  }

  /**
   * Tells whether a step belongs to a branch whose place is not there: that of an optional step of
   * the chain.
   *
   * @param present whether an earlier step is there
   */
  boolean isAbsentWithItsBranch(int step, IntPredicate present) {
    int from = steps.get(step).from();
    return steps.get(step).joins()
        && !present.test(from)
        && (!steps.get(from).joins() || isAbsentWithItsBranch(from, present));
  }

  /**
   * Returns a step as it is found among those that are there. Where an optional step is not, the
   * way leads on to the step that it is found from; in a branch, this one then takes its place.
   *
   * @param present whether an earlier step is there
   */
  Step linked(int step, IntPredicate present) {
    Step own = steps.get(step);
    Step linked = own;
    while (linked.from() >= 0 && !present.test(linked.from())) {
      Step absent = steps.get(linked.from());
      linked =
          own.joins()
              ? own.joining(absent.from(), absent.entry(), absent.alone())
              : linked.foundFrom(absent.from());
    }
    return linked;
  }

  /**
   * Returns an operand of a named step.
   *
   * @throws IllegalArgumentException if no step has the name
   */
  public MatchPoint operand(String name, int index) {
    return MatchPoint.operand(number(name), index);
  }

  /** Returns a result of a named step; see {@link #operand}. */
  public MatchPoint result(String name, int index) {
    return MatchPoint.result(number(name), index);
  }

  private int number(String name) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).name().equals(name) && !name.isEmpty()) {
        return i;
      }
    }
    throw new IllegalArgumentException("the pattern has no step '" + name + "'");
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

  /**
   * Nodes of one operator of the step fulfil a condition; those of its other operators need not.
   *
   * @throws IllegalArgumentException if the step has no such operator
   */
  public NodePattern whereOperatorIs(String operator, NodeCondition condition) {
    if (!last().ops().contains(opType(operator))) {
      throw new IllegalArgumentException(
          "the step is of " + last().ops() + ", never of " + operator);
    }
    return where(Conditions.whenOperator(operator, condition));
  }

  /**
   * Gives the condition that was added last a reason of the vendor's own: what the plan says of a
   * node that fails it.
   *
   * @throws IllegalStateException if the step has no condition
   */
  public NodePattern because(String reason) {
    List<NodeCondition> all = new ArrayList<>(last().conditions());
    if (all.isEmpty()) {
      throw new IllegalStateException("there is no condition that '" + reason + "' is about");
    }
    int latest = all.size() - 1;
    all.set(latest, Conditions.because(all.get(latest), reason));
    return withLast(last().withConditions(all));
  }

  /** Tells whether the pattern depends on what other rules have quantized. */
  boolean dependsOnOtherRules() {
    return steps.stream()
        .flatMap(s -> s.conditions().stream())
        .anyMatch(NodeCondition::dependsOnMarks);
  }

  private int lastOfChain() {
    int last = steps.size() - 1;
    while (steps.get(last).joins()) {
      last--;
    }
    return last;
  }

  private Step last() {
    return steps.get(lastOfChain());
  }

  private NodePattern plus(Step step) {
    List<Step> more = new ArrayList<>(steps);
    more.add(step.foundFrom(lastOfChain()));
    return new NodePattern(more);
  }

  private NodePattern withLast(Step step) {
    List<Step> changed = new ArrayList<>(steps);
    changed.set(lastOfChain(), step);
    return new NodePattern(changed);
  }

  private static Step step(boolean optional, String... names) {
    List<OpType> ops = Arrays.stream(names).map(NodePattern::opType).toList();
    boolean commutative = ops.stream().allMatch(op -> COMMUTATIVE.contains(op.toString()));
    OptionalInt entry = commutative ? OptionalInt.empty() : OptionalInt.of(0);
    return new Step(ops, optional, entry, true, List.of(), "", -1, false);
  }

  /** Returns the operator of a text such as {@code Conv} or {@code com.microsoft.Gelu}. */
  static OpType opType(String text) {
    int dot = text.lastIndexOf('.');
    return new OpType(dot < 0 ? "" : text.substring(0, dot), text.substring(dot + 1));
  }
}
