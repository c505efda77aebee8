package dev.octet.kernels.scatter;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * OneHot: along a new axis of the size depth, the second of two values where the index says, the
 * first elsewhere. Negative indices count from the end; one outside names no place.
 */
final class OneHot implements Kernel {

  private final ArrayType indices;
  private final ArrayType y;
  private final int axis;

  private OneHot(ArrayType indices, ArrayType y, int axis) {
    this.indices = indices;
    this.y = y;
    this.axis = axis;
  }

  static List<Optional<TensorType>> shape(ShapeContext context) {
    context.requireSizes(2, Dimension.of(2));
    Optional<List<Dimension>> indices = context.dimensions(0);
    if (indices.isEmpty()) {
      return ShapeContext.result(context.dataType(2), Optional.empty());
    }
    int rank = indices.get().size() + 1;
    int axis = Dimensions.axis(context.node().intAttribute("axis", -1), rank);
    List<Dimension> result = new ArrayList<>(indices.get());
    Dimension depth =
        context
            .constant(1)
            .filter(OneHot::isDepth)
            .map(OneHot::depth)
            .map(Dimension::of)
            .orElse(Dimensions.unknown());
    result.add(axis, depth);
    return ShapeContext.resultOf(context.dataType(2), Optional.of(result));
  }

  private static boolean isDepth(Tensor tensor) {
    return tensor.dataType().isInteger() || tensor.dataType() == DataType.FLOAT;
  }

  private static long depth(Tensor tensor) {
    if (tensor.elementCount() != 1) {
      throw new ShapeMismatchException("a depth of the shape " + tensor.shape());
    }
    long depth =
        tensor.dataType() == DataType.FLOAT ? (long) tensor.floats()[0] : tensor.integers()[0];
    if (depth < 0) {
      throw new ShapeMismatchException("a depth of " + depth);
    }
    return depth;
  }

  static Kernel prepare(Preparation preparation) {
    ArrayType y = preparation.result(0);
    int axis = Dimensions.axis(preparation.node().intAttribute("axis", -1), y.rank());
    return new OneHot(preparation.operand(0), y, axis);
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    Object chosen = Objects.requireNonNull(operands[0], "indices");
    Object values = Objects.requireNonNull(operands[2], "values");
    Object target = Objects.requireNonNull(results[0], "result");
    int inner = y.product(axis + 1, y.rank());
    int depth = y.size(axis);
    for (int i = 0; i < y.count(); i++) {
      int index = i / inner / depth * inner + i % inner;
      double named = index(chosen, index);
      boolean on = (named < 0 ? named + depth : named) == i / inner % depth;
      Elements.copy(y.kind(), values, on ? 1 : 0, target, i);
    }
  }

  private double index(Object chosen, int at) {
    DataType type = indices.dataType();
    return Elements.isReal(type)
        ? Elements.real(type, chosen, at)
        : Elements.integer(type, chosen, at);
  }
}
