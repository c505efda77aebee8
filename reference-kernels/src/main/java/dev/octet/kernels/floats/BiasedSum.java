package dev.octet.kernels.floats;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.real.RealOperands;
import dev.octet.kernels.shape.ElementwiseShapes;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.thread.Workers;
import java.util.List;
import java.util.Optional;

/**
 * com.microsoft BiasAdd: {@code x + bias + skip}, where bias has one number for each element of the
 * last dimension, in double, rounded once.
 */
final class BiasedSum implements RealKernel.Body {

  private static final int SKIP = 2;

  private BiasedSum() {}

  static RealKernel.Body prepare(Preparation preparation) {
    return new BiasedSum();
  }

  static List<Optional<TensorType>> shape(ShapeContext context) {
    context.requireRank(0, 3, 3);
    Optional<List<Dimension>> x = context.dimensions(0);
    if (x.isPresent()) {
      context.requireSizes(1, x.get().get(2));
      context.requireSizes(SKIP, x.get().toArray(Dimension[]::new));
    }
    return ElementwiseShapes.sameAsFirst(context);
  }

  @Override
  public void run(RealOperands operands, double[][] results, Workers workers) {
    double[] x = operands.reals(0);
    double[] bias = operands.reals(1);
    double[] skip = operands.reals(SKIP);
    for (int i = 0; i < x.length; i++) {
      results[0][i] = x[i] + bias[i % bias.length] + skip[i];
    }
  }
}
