package dev.octet.kernels.attention;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.List;
import java.util.Optional;

/**
 * CausalConvWithState: each channel of {@code [batch, channels, length]}, behind the last {@code
 * kernel - 1} elements of the past, with weights {@code [channels, 1, kernel]} of its own. From the
 * bias on, products in the order of the window, in double; with silu or swish {@code x / (1 +
 * exp(-x))} of that; rounded once. The second result holds the elements that the next call begins
 * with.
 */
final class CausalConv {

  private CausalConv() {}

  static List<Optional<TensorType>> shape(ShapeContext context) {
    String activation = context.node().stringAttribute("activation", "none");
    if (!List.of("none", "silu", "swish").contains(activation)) {
      throw new ShapeMismatchException("'" + activation + "' is no activation");
    }
    context.requireRank(0, 3, 3);
    context.requireRank(1, 3, 3);
    Optional<List<Dimension>> x = context.dimensions(0);
    Optional<List<Dimension>> w = context.dimensions(1);
    if (x.isEmpty() || w.isEmpty()) {
      return List.of();
    }
    Dimension channels = x.get().get(1);
    context.requireSizes(1, channels, Dimension.of(1), w.get().get(2));
    context.requireSizes(2, channels);
    Dimension before = Dimensions.map(w.get().get(2), CausalConv::before);
    context.requireSizes(3, x.get().get(0), channels, before);
    return List.of(
        ShapeContext.type(context.dataType(0), context.shape(0)),
        ShapeContext.type(
            context.dataType(0),
            Optional.of(new Shape(List.of(x.get().get(0), channels, before)))));
  }

  private static long before(long kernel) {
    if (kernel < 1) {
      throw new ShapeMismatchException("a window of " + kernel);
    }
    return kernel - 1;
  }

  static RealKernel.Body prepare(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    int rows = x.size(0) * x.size(1);
    int length = x.size(2);
    int kernel = preparation.operand(1).size(2);
    int channels = x.size(1);
    boolean gated = !preparation.node().stringAttribute("activation", "none").equals("none");
    return (operands, results, workers) -> {
      double[] values = operands.reals(0);
      double[] weights = operands.reals(1);
      double[] bias = operands.reals(2, channels, 0);
      double[] past = operands.reals(3, rows * (kernel - 1), 0);
      double[] line = new double[kernel - 1 + length];
      for (int row = 0; row < rows; row++) {
        System.arraycopy(past, row * (kernel - 1), line, 0, kernel - 1);
        System.arraycopy(values, row * length, line, kernel - 1, length);
        int c = row % channels;
        for (int i = 0; i < length; i++) {
          double sum = window(line, i, weights, c * kernel, kernel) + bias[c];
          results[0][row * length + i] = gated ? sum / (1 + StrictMath.exp(-sum)) : sum;
        }
        if (results.length > 1) {
          System.arraycopy(line, length, results[1], row * (kernel - 1), kernel - 1);
        }
      }
    };
  }

  private static double window(double[] line, int at, double[] weights, int from, int kernel) {
    double sum = 0;
    for (int i = 0; i < kernel; i++) {
      sum += line[at + i] * weights[from + i];
    }
    return sum;
  }
}
