package dev.octet.kernels.floats;

import dev.octet.api.graph.Node;
import dev.octet.kernels.definition.OperatorDefinition;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/**
 * A function of one value: what an operator computes on floats, and a table of it on integers.
 *
 * @param operator the operator's name in the default domain
 * @param since the first version of the default operator set that has it
 * @param floats gives the function that a node asks for by its attributes
 * @param doubles the same function of doubles; empty where the operator has no such form
 */
public record ElementFunction(
    String operator,
    long since,
    Function<Node, FloatUnary> floats,
    Optional<DoubleUnaryOperator> doubles) {

  static ElementFunction of(String operator, FloatUnary function) {
    return ofNode(operator, node -> function);
  }

  /** A function that is computed in double and rounded once. */
  static ElementFunction inDouble(String operator, DoubleUnaryOperator function) {
    FloatUnary floats = UnaryFunctions.inDouble(function);
    return new ElementFunction(
        operator, OperatorDefinition.OLDEST_OPSET, node -> floats, Optional.of(function));
  }

  static ElementFunction ofNode(String operator, Function<Node, FloatUnary> function) {
    return new ElementFunction(
        operator, OperatorDefinition.OLDEST_OPSET, function, Optional.empty());
  }

  ElementFunction since(long opset) {
    return new ElementFunction(operator, opset, floats, doubles);
  }
}
