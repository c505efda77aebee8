package dev.octet.kernels.floats;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.shape.ShapeContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Einsum: for each place that the labels of the result name, the sum over all other labels of the
 * products of the operands' elements, in double: labels in the order in which they first occur, the
 * last one fastest; rounded once.
 */
final class Einsum {

  private Einsum() {}

  static List<Optional<TensorType>> shape(ShapeContext context) {
    List<List<Dimension>> shapes = new ArrayList<>();
    for (int i = 0; i < context.node().operands().size(); i++) {
      Optional<List<Dimension>> shape = context.dimensions(i);
      if (shape.isEmpty()) {
        return ShapeContext.result(context.dataType(0), Optional.empty());
      }
      shapes.add(shape.get());
    }
    EinsumLabels labels = EinsumLabels.of(context.node().stringAttribute("equation", ""), shapes);
    return ShapeContext.resultOf(context.dataType(0), Optional.of(labels.result()));
  }

  static RealKernel.Body prepare(Preparation preparation) {
    List<List<Dimension>> shapes = new ArrayList<>();
    for (int i = 0; i < preparation.operands().size(); i++) {
      shapes.add(preparation.operand(i).toTensorType().shape().orElseThrow().dimensions());
    }
    EinsumLabels labels =
        EinsumLabels.of(preparation.node().stringAttribute("equation", ""), shapes);
    int[] outer = labels.sizes(true);
    int[] inner = labels.sizes(false);
    int operandCount = shapes.size();
    int[][] outerStrides = new int[operandCount][];
    int[][] innerStrides = new int[operandCount][];
    for (int i = 0; i < operandCount; i++) {
      outerStrides[i] = labels.strides(i, true);
      innerStrides[i] = labels.strides(i, false);
    }
    return (operands, results, workers) -> {
      double[][] values = new double[operandCount][];
      for (int i = 0; i < operandCount; i++) {
        values[i] = operands.reals(i);
      }
      int terms = ArrayType.product(inner);
      workers.forRange(
          results[0].length,
          Math.max(1, FloatUnary.GRAIN / Math.max(1, terms)),
          (from, to) -> {
            for (int y = from; y < to; y++) {
              int[] begin = offsets(outer, outerStrides, y);
              results[0][y] = sum(values, begin, inner, innerStrides, terms);
            }
          });
    };
  }

  private static int[] offsets(int[] sizes, int[][] strides, int element) {
    int[] offsets = new int[strides.length];
    int rest = element;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      int place = rest % sizes[axis];
      rest /= sizes[axis];
      for (int i = 0; i < offsets.length; i++) {
        offsets[i] += place * strides[i][axis];
      }
    }
    return offsets;
  }

  private static double sum(
      double[][] values, int[] begin, int[] sizes, int[][] strides, int terms) {
    double sum = 0;
    int[] place = new int[sizes.length];
    int[] at = begin.clone();
    for (int term = 0; term < terms; term++) {
      double product = 1;
      for (int i = 0; i < values.length; i++) {
        product *= values[i][at[i]];
      }
      sum += product;
      advance(place, sizes, strides, at);
    }
    return sum;
  }

  private static void advance(int[] place, int[] sizes, int[][] strides, int[] at) {
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      boolean wraps = ++place[axis] == sizes[axis];
      for (int i = 0; i < at.length; i++) {
        at[i] += wraps ? -(sizes[axis] - 1) * strides[i][axis] : strides[i][axis];
      }
      if (!wraps) {
        return;
      }
      place[axis] = 0;
    }
  }
}
