package dev.octet.kernels.floats;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.shape.ElementwiseShapes;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.thread.Workers;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * com.microsoft BiasGelu and FastGelu: {@code f(x + bias)}, where bias has one number for each
 * element of the last dimension, or none; the sum is rounded to float32, as is the result.
 */
final class BiasedFunction {

  private BiasedFunction() {}

  static List<Optional<TensorType>> shape(ShapeContext context) {
    Optional<List<Dimension>> x = context.dimensions(0);
    if (x.isPresent() && context.has(1)) {
      if (x.get().isEmpty()) {
        throw new ShapeMismatchException("a bias for a number without dimensions");
      }
      context.requireSizes(1, x.get().get(x.get().size() - 1));
    }
    return ElementwiseShapes.sameAsFirst(context);
  }

  static Function<Preparation, Kernel> of(Function<Node, FloatUnary> function) {
    return preparation -> {
      FloatUnary f = function.apply(preparation.node());
      return preparation.has(1)
          ? biased(f, preparation.operand(0).count(), preparation.operand(1).count())
          : f.kernel(preparation);
    };
  }

  private static Kernel biased(FloatUnary function, int count, int length) {
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        float[] x = (float[]) operands[0];
        float[] bias = (float[]) operands[1];
        float[] y = (float[]) results[0];
        workers.forRange(
            count,
            FloatUnary.GRAIN,
            (from, to) -> {
              for (int i = from; i < to; i++) {
                y[i] = x[i] + bias[i % length];
              }
              function.apply(y, y, from, to);
            });
      }
    };
  }
}
