package dev.octet.annotation.rules;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A node in a step's place, as conditions see it. Not thread-safe. */
public final class NodeInPlace {

  private final Node node;
  private final int entry;
  private final List<Match.@Nullable Place> before;
  private final MatchContext context;

  /**
   * Puts a node in a place.
   *
   * @param node the node
   * @param entry the operand by which it reads the step before it; -1 for the first step
   * @param before the nodes of the steps before, null for those that are not there
   * @param context the graph, and the matches so far
   */
  NodeInPlace(Node node, int entry, List<Match.@Nullable Place> before, MatchContext context) {
    this.node = node;
    this.entry = entry;
    this.before = before;
    this.context = context;
  }

  /** Returns the node. */
  public Node node() {
    return node;
  }

  /** Returns the operand by which the node reads the step before it; -1 for the first step. */
  public int entry() {
    return entry;
  }

  Optional<GraphValues.Value> operand(int index) {
    return context.facts().operand(node, index);
  }

  Optional<GraphValues.Value> result(int index) {
    return context.facts().result(node, index);
  }

  boolean isPresent(int index) {
    return operand(index).isPresent();
  }

  Optional<Tensor> constant(int index) {
    return operand(index).flatMap(GraphValues.Value::constant);
  }

  Optional<ValueType.TensorType> type(int index) {
    return operand(index).flatMap(GraphValues.Value::tensorType);
  }

  Optional<Shape> shape(int index) {
    return operand(index).flatMap(GraphValues.Value::shape);
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
    OptionalLong size = exists ? shape.dimensions().get(index).known() : OptionalLong.empty();
    return size.isPresent() ? Optional.of(size.getAsLong()) : Optional.empty();
  }

  /** Tells whether the value of an operand is quantized where it is defined. */
  boolean isQuantized(int index) {
    return operand(index)
        .flatMap(GraphValues.Value::definition)
        .map(context::isQuantized)
        .orElse(false);
  }

  /** Tells whether the value of an operand is what another match hands on. */
  boolean followsMatch(int index) {
    return operand(index)
        .flatMap(GraphValues.Value::definition)
        .map(context::isOutputOfMatch)
        .orElse(false);
  }

  /** Returns the value at an operand or result of an earlier step; empty when there is none. */
  Optional<GraphValues.Value> earlier(MatchPoint point) {
    Match.Place place = point.step() < before.size() ? before.get(point.step()) : null;
    if (place == null) {
      return Optional.empty();
    }
    return point.side() == MatchPoint.Side.RESULT
        ? context.facts().result(place.node(), point.index())
        : context.facts().operand(place.node(), point.index());
  }

  /**
   * Returns the size of an operand of an earlier step along an axis; empty when it is not known or
   * there is no such step.
   */
  Optional<Long> earlierSize(MatchPoint operand, ChannelAxis axis) {
    Match.Place place = operand.step() < before.size() ? before.get(operand.step()) : null;
    return place == null
        ? Optional.empty()
        : earlier(operand)
            .flatMap(GraphValues.Value::shape)
            .flatMap(shape -> size(shape, axis.of(place.node(), shape.rank())));
  }

  /** Returns the nodes of the user's model whose work the node does. */
  List<Node> userNodes() {
    return context.userNodes(node);
  }

  /** Returns an operand in the words of its operator, such as {@code weight}. */
  String operandName(int operand) {
    return OperandNames.of(node.op(), operand);
  }

  /**
   * Returns why the first of the operands that are there and do not read the step before fails a
   * condition; empty when all fulfil it.
   */
  Optional<String> firstFailureOfOthers(IntFunction<Condition> condition) {
    return IntStream.range(0, node.operands().size())
        .filter(operand -> operand != entry && isPresent(operand))
        .mapToObj(operand -> condition.apply(operand).failure(this))
        .flatMap(Optional::stream)
        .findFirst();
  }
}
