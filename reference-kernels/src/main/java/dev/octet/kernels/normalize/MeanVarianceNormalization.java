package dev.octet.kernels.normalize;

import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ElementwiseShapes;
import dev.octet.kernels.shape.ReduceAxes;
import dev.octet.kernels.shape.ShapeContext;
import java.util.List;
import java.util.Optional;

/**
 * MeanVarianceNormalization over some axes: {@code (x - mean) / (sqrt(variance) + 1e-9)}, where the
 * variance is the mean of {@code (x - mean)^2}. In double, in the order of the elements; rounded
 * once. The constant is that of the operator's function body.
 */
final class MeanVarianceNormalization {

  private static final double LEAST_DEVIATION = 1e-9f;
  private static final List<Long> IMAGE_AXES = List.of(0L, 2L, 3L);

  private MeanVarianceNormalization() {}

  static List<Optional<TensorType>> shape(ShapeContext context) {
    long[] stated = axes(context.node().intsAttribute("axes"));
    context.dimensions(0).ifPresent(d -> Dimensions.axes(stated, d.size()));
    return ElementwiseShapes.sameAsFirst(context);
  }

  private static long[] axes(Optional<List<Long>> stated) {
    return stated.orElse(IMAGE_AXES).stream().mapToLong(Long::longValue).toArray();
  }

  static RealKernel.Body prepare(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    int[] axes = Dimensions.axes(axes(preparation.node().intsAttribute("axes")), x.rank());
    int[] group = groups(x, axes);
    int groups = groupCount(x, axes);
    return (operands, results, workers) -> {
      double[] values = operands.reals(0);
      double[] means = means(values, group, groups);
      double[] squares = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        values[i] -= means[group[i]];
        squares[i] = values[i] * values[i];
      }
      double[] variances = means(squares, group, groups);
      for (int i = 0; i < values.length; i++) {
        results[0][i] = values[i] / (Math.sqrt(variances[group[i]]) + LEAST_DEVIATION);
      }
    };
  }

  private static double[] means(double[] x, int[] group, int groups) {
    double[] sums = new double[groups];
    int[] counts = new int[groups];
    for (int i = 0; i < x.length; i++) {
      sums[group[i]] += x[i];
      counts[group[i]]++;
    }
    for (int g = 0; g < groups; g++) {
      sums[g] /= counts[g];
    }
    return sums;
  }

  private static int groupCount(ArrayType x, int[] axes) {
    int count = 1;
    for (int axis = 0; axis < x.rank(); axis++) {
      count *= ReduceAxes.contains(axes, axis) ? 1 : x.size(axis);
    }
    return count;
  }

  /** The group of each element: its place along the axes that are kept. */
  private static int[] groups(ArrayType x, int[] axes) {
    int[] groups = new int[x.count()];
    for (int i = 0; i < groups.length; i++) {
      int rest = i;
      int stride = 1;
      for (int axis = x.rank() - 1; axis >= 0; axis--) {
        if (!ReduceAxes.contains(axes, axis)) {
          groups[i] += rest % x.size(axis) * stride;
          stride *= x.size(axis);
        }
        rest /= x.size(axis);
      }
    }
    return groups;
  }
}
