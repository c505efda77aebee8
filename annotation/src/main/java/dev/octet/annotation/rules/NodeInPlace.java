package dev.octet.annotation.rules;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType;
import java.util.Optional;
import java.util.function.Predicate;

/** A node in a step's place, as conditions see it. Not thread-safe. */
public final class NodeInPlace {

  private final Node node;
  private final int entry;
  private final GraphFacts facts;
  private final Predicate<Point> quantized;

  /**
   * Puts a node in a place.
   *
   * @param node the node
   * @param entry the operand by which it reads the step before it; -1 for the first step
   * @param facts the graph
   * @param quantized tells which results rules have quantized so far
   */
  NodeInPlace(Node node, int entry, GraphFacts facts, Predicate<Point> quantized) {
    this.node = node;
    this.entry = entry;
    this.facts = facts;
    this.quantized = quantized;
  }

  /** Returns the node. */
  public Node node() {
    return node;
  }

  /** Returns the operand by which the node reads the step before it; -1 for the first step. */
  public int entry() {
    return entry;
  }

  Optional<GraphFacts.Value> operand(int index) {
    return facts.operand(node, index);
  }

  Optional<GraphFacts.Value> result(int index) {
    return facts.result(node, index);
  }

  boolean isPresent(int index) {
    return operand(index).isPresent();
  }

  Optional<Tensor> constant(int index) {
    return operand(index).flatMap(GraphFacts.Value::constant);
  }

  Optional<ValueType.TensorType> type(int index) {
    return operand(index)
        .flatMap(GraphFacts.Value::type)
        .filter(t -> t instanceof ValueType.TensorType)
        .map(t -> (ValueType.TensorType) t);
  }

  Optional<Shape> shape(int index) {
    return type(index).flatMap(ValueType.TensorType::shape);
  }

  /** Returns the rank of an operand; 0 when it is not known. */
  int rank(int index) {
    return shape(index).map(Shape::rank).orElse(0);
  }

  /** Returns the size of a dimension; empty when it is not known or there is no such axis. */
  Optional<Long> size(int operand, int axis) {
    return shape(operand).flatMap(shape -> size(shape, axis));
  }

  private static Optional<Long> size(Shape shape, int axis) {
    int index = axis < 0 ? axis + shape.rank() : axis;
    boolean exists = index >= 0 && index < shape.rank();
    return exists && shape.dimensions().get(index) instanceof Dimension.Known known
        ? Optional.of(known.size())
        : Optional.empty();
  }

  /** Tells whether the value of an operand is quantized where it is defined. */
  boolean isQuantized(int index) {
    return operand(index).flatMap(GraphFacts.Value::definition).map(quantized::test).orElse(false);
  }

  /** Returns an operand in the words of its operator, such as {@code weight}. */
  String operandName(int operand) {
    return OperandNames.of(node.op(), operand);
  }
}
