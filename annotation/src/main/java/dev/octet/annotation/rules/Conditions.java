package dev.octet.annotation.rules;

import dev.octet.api.graph.OpType;
import dev.octet.api.pattern.NodeCondition;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The conditions of Octet, for a static import; a vendor's own come from {@link NodeCondition#of}.
 * Operands and results count from 0, axes from the outermost; a negative axis counts from the
 * innermost, -1. "The other operands" are those that do not read the step before. Operators are
 * named as {@code Conv}, or with their domain as {@code com.microsoft.Gelu}.
 */
public final class Conditions {

  private Conditions() {}

  /** An operand is a constant. */
  public static NodeCondition constantOperand(int operand) {
    return new OperandCondition.ConstantOperand(operand);
  }

  /** An operand is there and not a constant. */
  public static NodeCondition variableOperand(int operand) {
    return new OperandCondition.VariableOperand(operand);
  }

  /** An optional operand is left out. */
  public static NodeCondition absentOperand(int operand) {
    return new OperandCondition.AbsentOperand(operand);
  }

  /** The other operands are constants. */
  public static NodeCondition otherOperandsConstant() {
    return new OperandCondition.OtherOperandsConstant();
  }

  /** None of the other operands is a constant. */
  public static NodeCondition otherOperandsVariable() {
    return new OperandCondition.OtherOperandsVariable();
  }

  /** The other operands have one of these ranks. */
  public static NodeCondition otherOperandsRankIn(int... ranks) {
    return new ShapeCondition.OtherOperandsRankIn(boxed(ranks));
  }

  /**
   * The other operands have one value for each output channel of a weight of an earlier step: rank
   * 1, and the size of the weight's axis. For biases that are added in a node of their own.
   */
  public static NodeCondition otherOperandsRunAlong(MatchPoint weight, ChannelAxis axis) {
    return new ShapeCondition.OtherOperandsRunAlong(weight, axis);
  }

  /** The other operands read the value at one point of an earlier step. */
  public static NodeCondition otherOperandsAre(MatchPoint point) {
    return new NeighbourCondition.OtherOperandsAre(point);
  }

  /** An operand is the value at one point of an earlier step. */
  public static NodeCondition operandIs(int operand, MatchPoint point) {
    return new NeighbourCondition.OperandIs(operand, point);
  }

  /** Gives a condition a reason of the vendor's own: what is said of a node that fails it. */
  public static NodeCondition because(NodeCondition condition, String reason) {
    return new CombinedCondition.Because(condition, reason);
  }

  /** A condition on the nodes of one operator, for steps of several; others fulfil it. */
  public static NodeCondition whenOperator(String operator, NodeCondition condition) {
    return new CombinedCondition.WhenOperator(NodePattern.opType(operator), condition);
  }

  /** The rank of an operand is one of these. */
  public static NodeCondition rankIn(int operand, int... ranks) {
    return new ShapeCondition.RankIn(operand, boxed(ranks));
  }

  /** A dimension of an operand is one of these sizes. */
  public static NodeCondition sizeIn(int operand, int axis, long... sizes) {
    return new ShapeCondition.SizeIn(operand, axis, boxed(sizes));
  }

  /**
   * A dimension of an operand is a multiple of a number.
   *
   * @throws IllegalArgumentException if the number is below 1
   */
  public static NodeCondition divisible(int operand, int axis, int divisor) {
    return new ShapeCondition.Divisible(operand, axis, divisor);
  }

  /** A dimension of an operand is at most a number. */
  public static NodeCondition atMost(int operand, int axis, long limit) {
    return new ShapeCondition.AtMost(operand, axis, limit);
  }

  /** Two operands have the same dimensions; symbols are the same when they have one name. */
  public static NodeCondition sameShape(int first, int second) {
    return new ShapeCondition.SameShape(first, second);
  }

  /**
   * A constant operand runs along an axis of another one: its rank is at least 1, its last
   * dimension and its number of elements are the size of that axis. For biases.
   */
  public static NodeCondition runsAlong(int operand, int other, ChannelAxis axis) {
    return new ShapeCondition.RunsAlong(operand, other, axis);
  }

  /** The first result has the first axis of operand 0, and one for all others, of known sizes. */
  public static NodeCondition flattensBehindFirstAxis() {
    return new ShapeCondition.FlattensBehindFirstAxis();
  }

  /**
   * Every number of an integer attribute is one of these. An absent attribute means what ONNX says;
   * a table is refused where it says nothing, or operator sets differ, unless {@code
   * any(attributeIn(...), absentAttribute(...))} or {@code not(absentAttribute(...))} does.
   *
   * @throws IllegalArgumentException if there is no number
   */
  public static NodeCondition attributeIn(String attribute, long... values) {
    return new AttributeCondition.AttributeIn(attribute, boxed(values));
  }

  /** An attribute is absent. */
  public static NodeCondition absentAttribute(String attribute) {
    return new AttributeCondition.AbsentAttribute(attribute);
  }

  /**
   * A float attribute has a value. An absent one means what ONNX says; where it says nothing, it
   * does not fulfil the condition.
   */
  public static NodeCondition floatAttributeIs(String attribute, float value) {
    return new AttributeCondition.FloatAttributeIs(attribute, value);
  }

  /**
   * A text attribute has one of these values. An absent one means what ONNX says; where it says
   * nothing, it does not fulfil the condition.
   *
   * @throws IllegalArgumentException if there is no value
   */
  public static NodeCondition textAttributeIn(String attribute, String... values) {
    return new AttributeCondition.TextAttributeIn(attribute, List.of(values));
  }

  /** An operand is left out, or a FLOAT constant whose elements all have this value. */
  public static NodeCondition constantValue(int operand, float value) {
    return new OperandCondition.ConstantValue(operand, value);
  }

  /** An operand is a constant of at least this many elements. */
  public static NodeCondition elementsAtLeast(int operand, long count) {
    return new ShapeCondition.ElementsAtLeast(operand, count);
  }

  /** Two operands are one value. */
  public static NodeCondition sameValue(int first, int second) {
    return new OperandCondition.SameValue(first, second);
  }

  /** Every constant operand has one element; other operands may be anything. */
  public static NodeCondition singleConstants() {
    return new OperandCondition.SingleConstants();
  }

  /** An operand is FLOAT, and no constant without elements: what every marked operand must be. */
  public static NodeCondition floatOperand(int operand) {
    return new OperandCondition.FloatOperand(operand);
  }

  /** Nobody asked for a result. */
  public static NodeCondition unusedResult(int result) {
    return new NeighbourCondition.UnusedResult(result);
  }

  /** Nobody else reads the value of an operand, and it is no graph output. */
  public static NodeCondition singleUse(int operand) {
    return new NeighbourCondition.SingleUse(operand);
  }

  /** One node of these operators alone reads the first result, which is no graph output. */
  public static NodeCondition followedBy(String... operators) {
    return new NeighbourCondition.FollowedBy(ops(operators));
  }

  /** Some node of these operators reads the first result, or none reads it. */
  public static NodeCondition readBy(String... operators) {
    return new NeighbourCondition.ReadBy(ops(operators));
  }

  /** A node of this operator in the user's model is folded into the node. */
  public static NodeCondition folded(String operator) {
    return new NeighbourCondition.Folded(NodePattern.opType(operator));
  }

  /** Another rule has quantized the value of an operand, where it is defined. */
  public static NodeCondition quantizedOperand(int operand) {
    return new NeighbourCondition.QuantizedOperand(operand);
  }

  /** An operand is what another match hands on: the first result of its last node. */
  public static NodeCondition followsMatch(int operand) {
    return new NeighbourCondition.FollowsMatch(operand);
  }

  /** Every operand is what another match hands on; see {@link #followsMatch}. */
  public static NodeCondition allFollowMatches() {
    return new NeighbourCondition.AllFollowMatches();
  }

  /**
   * At least one of several conditions holds.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static NodeCondition any(NodeCondition... conditions) {
    return new CombinedCondition.AnyOf(List.of(conditions));
  }

  /** All of several conditions hold; for use inside others. */
  public static NodeCondition all(NodeCondition... conditions) {
    return new CombinedCondition.AllOf(List.of(conditions));
  }

  /** A condition does not hold. */
  public static NodeCondition not(NodeCondition condition) {
    return new CombinedCondition.Not(condition);
  }

  private static List<OpType> ops(String... names) {
    return Arrays.stream(names).map(NodePattern::opType).toList();
  }

  private static List<Integer> boxed(int... numbers) {
    return IntStream.of(numbers).boxed().toList();
  }

  private static List<Long> boxed(long... numbers) {
    return LongStream.of(numbers).boxed().toList();
  }
}
