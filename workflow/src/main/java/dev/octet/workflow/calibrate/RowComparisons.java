package dev.octet.workflow.calibrate;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What compares the elements of a value with the largest of their row, so that those far below it
 * leave no trace: a Softmax; and the parts of one that is spelt out, {@code Exp(LogSoftmax(x))} or
 * {@code Exp(x - ReduceMax(x))} and whatever divides that by its sum. Immutable.
 */
final class RowComparisons {

  /** The first operator set in which a Softmax goes along one axis. */
  static final long ONE_AXIS = 13;

  private final long opset;

  RowComparisons(long opset) {
    this.opset = opset;
  }

  /**
   * Tells what a use compares.
   *
   * @return the axis of the rows, from the innermost, -1, or none inside when it is not known;
   *     empty when the use is no comparison, as far as the node itself can tell: a LogSoftmax and a
   *     difference are parts of one only if what reads them is
   */
  Optional<OptionalInt> rows(GraphValues.Use use) {
    Node node = use.reader().node();
    GraphValues.Value value = use.reader().operand(use.operand()).orElseThrow();
    if (!node.op().domain().isEmpty()) {
      return Optional.empty();
    }
    return switch (node.op().name()) {
      case "Softmax", "LogSoftmax" -> Optional.of(softmaxRows(node, value));
      case "Exp" -> value.producer().flatMap(this::rowsOfLogarithms);
      case "Sub" -> use.operand() == 0 ? belowTheirLargest(use.reader()) : Optional.empty();
      case "ReduceMax" ->
          use.operand() == 0 && takenFrom(value, use.reader())
              ? largestOf(use.reader(), value)
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** Tells whether a comparison hands its results to another one, which must be there. */
  static boolean isUnfinished(GraphValues.Use use) {
    return use.reader().node().op().is("LogSoftmax") || use.reader().node().op().is("Sub");
  }

  private OptionalInt softmaxRows(Node softmax, GraphValues.Value value) {
    long axis = softmax.intAttribute("axis", opset < ONE_AXIS ? 1 : -1);
    OptionalInt rows = fromInnermost(axis, value);
    return opset < ONE_AXIS && !rows.equals(OptionalInt.of(-1)) ? OptionalInt.empty() : rows;
  }

  private static OptionalInt fromInnermost(long axis, GraphValues.Value value) {
    Optional<Integer> rank = value.shape().map(Shape::rank);
    if (axis < 0) {
      return OptionalInt.of((int) axis);
    }
    return rank.isEmpty() ? OptionalInt.empty() : OptionalInt.of((int) (axis - rank.get()));
  }

  private Optional<OptionalInt> rowsOfLogarithms(GraphValues.Member producer) {
    if (producer.node().op().is("LogSoftmax")) {
      return producer.operand(0).map(value -> softmaxRows(producer.node(), value));
    }
    return producer.node().op().is("Sub") ? belowTheirLargest(producer) : Optional.empty();
  }

  /** Of {@code x - ReduceMax(x)}. */
  private static Optional<OptionalInt> belowTheirLargest(GraphValues.Member difference) {
    return difference
        .operand(0)
        .flatMap(
            value ->
                difference
                    .operand(1)
                    .flatMap(GraphValues.Value::producer)
                    .filter(reduced -> reduced.operand(0).equals(Optional.of(value)))
                    .flatMap(reduced -> largestOf(reduced, value)));
  }

  /** Tells whether all that becomes of the largest elements is that they are taken away. */
  private static boolean takenFrom(GraphValues.Value value, GraphValues.Member reduced) {
    return reduced
        .result(0)
        .filter(largest -> !largest.isOutput())
        .filter(
            largest ->
                LogitPaths.reads(largest).stream()
                    .allMatch(
                        use ->
                            use.operand() == 1
                                && use.reader().node().op().is("Sub")
                                && use.reader().operand(0).equals(Optional.of(value))))
        .isPresent();
  }

  private static Optional<OptionalInt> largestOf(
      GraphValues.Member reduced, GraphValues.Value value) {
    Node node = reduced.node();
    if (!node.op().is("ReduceMax") || node.intAttribute("keepdims", 1) != 1) {
      return Optional.empty();
    }
    return node.intsAttribute("axes")
        .or(() -> reduced.operand(1).flatMap(RowComparisons::integers))
        .filter(axes -> axes.size() == 1)
        .map(axes -> fromInnermost(axes.get(0), value));
  }

  private static Optional<List<Long>> integers(GraphValues.Value value) {
    return value
        .constant()
        .filter(constant -> constant.dataType() == DataType.INT64)
        .map(Tensor::int64s)
        .map(longs -> Arrays.stream(longs).boxed().toList());
  }
}
