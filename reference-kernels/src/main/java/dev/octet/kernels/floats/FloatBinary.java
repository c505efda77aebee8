package dev.octet.kernels.floats;

import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.index.Broadcast;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/** A function of two floats, applied to every pair of elements of operands that broadcast. */
public interface FloatBinary {

  /** Computes {@code z[i]} from {@code x[i]} and {@code y[i]} for {@code from <= i < to}. */
  void plain(float[] x, float[] y, float[] z, int from, int to);

  /**
   * Computes {@code z[zo + i]} from {@code x[xo + i * xs]} and {@code y[yo + i * ys]} for {@code 0
   * <= i < length}; the steps are 0 or 1.
   */
  void row(float[] x, int xo, int xs, float[] y, int yo, int ys, float[] z, int zo, int length);

  /** Returns the kernel that applies this function. */
  default Kernel kernel(Preparation preparation) {
    int count = preparation.result(0).count();
    Broadcast walk =
        Broadcast.of(
            preparation.result(0).sizes(),
            preparation.operand(0).sizes(),
            preparation.operand(1).sizes());
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        float[] x = (float[]) operands[0];
        float[] y = (float[]) operands[1];
        float[] z = (float[]) results[0];
        if (walk.isPlain()) {
          workers.forRange(count, FloatUnary.GRAIN, (from, to) -> plain(x, y, z, from, to));
        } else if (count > 0) {
          int grain = Math.max(1, FloatUnary.GRAIN / walk.rowLength());
          workers.forRange(walk.rows(), grain, (from, to) -> rows(walk, x, y, z, from, to));
        }
      }
    };
  }

  private void rows(Broadcast walk, float[] x, float[] y, float[] z, int from, int to) {
    int length = walk.rowLength();
    for (int row = from; row < to; row++) {
      int xo = walk.offset(0, row);
      int yo = walk.offset(1, row);
      row(x, xo, walk.step(0), y, yo, walk.step(1), z, row * length, length);
    }
  }
}
