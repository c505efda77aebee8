package dev.octet.kernels.floats;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.shape.ElementwiseShapes;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.thread.Workers;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * SwiGLU: {@code a / (1 + exp(-alpha * a)) * b} of two tensors of one shape, in double, rounded
 * once.
 */
final class GatedUnit {

  private GatedUnit() {}

  static List<Optional<TensorType>> shape(ShapeContext context) {
    context.dimensions(0).ifPresent(a -> context.requireSizes(1, a.toArray(Dimension[]::new)));
    return ElementwiseShapes.sameAsFirst(context);
  }

  static Kernel prepare(Preparation preparation) {
    int count = preparation.operand(0).count();
    double alpha = preparation.node().floatAttribute("alpha", 1f);
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        float[] a = (float[]) operands[0];
        float[] b = (float[]) operands[1];
        float[] y = (float[]) results[0];
        workers.forRange(
            count,
            FloatUnary.GRAIN,
            (from, to) -> {
              for (int i = from; i < to; i++) {
                y[i] = (float) (a[i] * UnaryFunctions.sigmoid(alpha * a[i]) * b[i]);
              }
            });
      }
    };
  }
}
