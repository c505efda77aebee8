package dev.octet.annotation.rules;

import dev.octet.api.pattern.NodeCondition;
import java.util.ArrayList;
import java.util.List;

/**
 * How a function of one value x is spelt out in several nodes: a pattern whose first step reads x,
 * and the points at which steps read it. Constants that a step reads beside it have one element.
 * Immutable.
 *
 * @param pattern the steps so far
 * @param origins the operands of the first step that may be x
 * @param reads the points that read x, where they are no constants
 */
record Spelling(NodePattern pattern, List<MatchPoint> origins, List<MatchPoint> reads) {

  private static final MatchPoint FIRST = MatchPoint.operand(0);

  Spelling {
    origins = List.copyOf(origins);
    reads = List.copyOf(reads);
  }

  /** Starts with an operator of x alone. */
  static Spelling of(String operator) {
    return new Spelling(NodePattern.op(operator), List.of(FIRST), List.of(FIRST));
  }

  /** Starts with an operator of x and a constant, in any order. */
  static Spelling withConstant(String... operators) {
    NodePattern first =
        NodePattern.anyOf(operators)
            .where(
                Conditions.any(Conditions.constantOperand(0), Conditions.constantOperand(1)),
                Conditions.singleConstants());
    List<MatchPoint> origins = List.of(FIRST, MatchPoint.operand(1));
    return new Spelling(first, origins, List.of(MatchPoint.otherVariables(0)));
  }

  /** Starts with the square of x. */
  static Spelling squared() {
    NodePattern first = NodePattern.op("Mul").where(Conditions.sameValue(0, 1));
    return new Spelling(first, List.of(FIRST), List.of(MatchPoint.everyOperand()));
  }

  /** Goes on with an operator of what was computed so far. */
  Spelling then(String operator) {
    return new Spelling(pattern.then(operator), origins, reads);
  }

  /** Goes on with a Clip whose bounds are constants. */
  Spelling thenClip() {
    NodePattern longer = pattern.then("Clip").where(Conditions.otherOperandsConstant());
    return new Spelling(longer, origins, reads);
  }

  /** Goes on with an operator of that and a constant, in any order. */
  Spelling thenConstant(String... operators) {
    NodePattern longer =
        pattern
            .then(operators)
            .throughAnyOperand()
            .where(Conditions.otherOperandsConstant(), Conditions.singleConstants());
    return new Spelling(longer, origins, reads);
  }

  /** Goes on with one of that and x, in any order. */
  Spelling thenX(String operator) {
    return reading(
        pattern
            .then(operator)
            .throughAnyOperand()
            .where(isX(), Conditions.otherOperandsVariable()));
  }

  /** Goes on with a Relu or Clip that may stand behind, and is computed with the function. */
  Spelling thenBounds() {
    NodePattern longer =
        pattern.optionally("Relu", "Clip").constantIfPresent(1).constantIfPresent(2);
    return new Spelling(longer, origins, reads);
  }

  /** Goes on with the product of that and of x times a constant, in any order. */
  Spelling thenScaledX() {
    NodeCondition[] scaled =
        origins.stream().flatMap(x -> scaled(x).stream()).toArray(NodeCondition[]::new);
    NodePattern branch =
        NodePattern.op("Mul").where(Conditions.any(scaled), Conditions.singleConstants());
    return reading(pattern.then("Mul").joinedBy(branch));
  }

  private static List<NodeCondition> scaled(MatchPoint x) {
    return List.of(
        Conditions.all(Conditions.operandIs(0, x), Conditions.constantOperand(1)),
        Conditions.all(Conditions.operandIs(1, x), Conditions.constantOperand(0)));
  }

  private NodeCondition isX() {
    NodeCondition[] all =
        origins.stream().map(Conditions::otherOperandsAre).toArray(NodeCondition[]::new);
    return all.length == 1 ? all[0] : Conditions.any(all);
  }

  /** The step that was added last reads x. */
  private Spelling reading(NodePattern longer) {
    List<MatchPoint> more = new ArrayList<>(reads);
    more.add(MatchPoint.otherVariables(longer.steps().size() - 1));
    return new Spelling(longer, origins, more);
  }
}
