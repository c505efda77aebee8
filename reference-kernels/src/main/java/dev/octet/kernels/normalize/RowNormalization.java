package dev.octet.kernels.normalize;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.index.Broadcast;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ElementwiseShapes;
import dev.octet.kernels.shape.ReduceShapes;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.List;
import java.util.Optional;

/**
 * RMSNormalization, and ONNX Runtime's SimplifiedLayerNormalization in the same domain, over the
 * dimensions from the axis on: {@code x / sqrt(sum(x * x) / n + epsilon) * scale}, in double, in
 * the order of the elements; rounded once. The scale broadcasts to the normalised dimensions. The
 * latter's second result is {@code 1 / sqrt(sum(x * x) / n + epsilon)}.
 */
final class RowNormalization {

  private RowNormalization() {}

  static List<Optional<TensorType>> shape(ShapeContext context) {
    context.requireRank(0, 1, Integer.MAX_VALUE);
    context
        .dimensions(0)
        .ifPresent(
            x -> {
              Dimensions.axis(context.node().intAttribute("axis", -1), x.size());
              requireBroadcast(context, x.size());
            });
    return ElementwiseShapes.sameAsFirst(context);
  }

  static List<Optional<TensorType>> simplifiedShape(ShapeContext context) {
    shape(context);
    return ReduceShapes.normalizedRows(context);
  }

  private static void requireBroadcast(ShapeContext context, int rank) {
    context.requireRank(1, 0, rank);
    Optional<List<Dimension>> both = ElementwiseShapes.broadcastAll(context.withOperands(0, 1));
    if (both.isPresent() && !fits(both.get(), context.dimensions(0).orElseThrow())) {
      throw new ShapeMismatchException("the scale is larger than the input");
    }
  }

  private static boolean fits(List<Dimension> both, List<Dimension> x) {
    for (int i = 0; i < x.size(); i++) {
      if (Dimensions.is(x.get(i), 1) && !Dimensions.is(both.get(i), 1)) {
        return false;
      }
    }
    return true;
  }

  static RealKernel.Body prepare(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    int axis = Dimensions.axis(preparation.node().intAttribute("axis", -1), x.rank());
    int rows = x.product(0, axis);
    int length = x.product(axis, x.rank());
    double epsilon = preparation.node().floatAttribute("epsilon", 1e-5f);
    Broadcast walk = Broadcast.of(x.sizes(), preparation.operand(1).sizes());
    return (operands, results, workers) -> {
      double[] values = operands.reals(0);
      double[] scale = operands.reals(1);
      for (int row = 0; row < rows; row++) {
        int end = (row + 1) * length;
        double square = Spread.variance(values, row * length, end, 0);
        double inverse = 1 / Math.sqrt(square + epsilon);
        for (int i = row * length; i < end; i++) {
          results[0][i] = values[i] * inverse * scale[walk.index(0, i)];
        }
        if (results.length > 1) {
          results[1][row] = inverse;
        }
      }
    };
  }
}
