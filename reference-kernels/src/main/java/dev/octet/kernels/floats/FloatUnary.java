package dev.octet.kernels.floats;

import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/** A function of one float, applied to every element. */
@FunctionalInterface
public interface FloatUnary {

  /** Elements that are worth the cost of another thread. */
  int GRAIN = 1 << 14;

  /** Computes {@code y[i]} from {@code x[i]} for {@code from <= i < to}. */
  void apply(float[] x, float[] y, int from, int to);

  /** Returns the kernel that applies this function. */
  default Kernel kernel(Preparation preparation) {
    int count = preparation.result(0).count();
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        float[] x = (float[]) operands[0];
        float[] y = (float[]) results[0];
        workers.forRange(count, GRAIN, (from, to) -> apply(x, y, from, to));
      }
    };
  }
}
