package dev.octet.kernels.floats;

import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/**
 * GlobalAveragePool and GlobalMaxPool. The sum of a channel is taken in double in the order of the
 * elements, divided in double and rounded to float32 once; the maximum is NaN if an element is.
 */
final class GlobalPooling implements Kernel {

  private final int planes;
  private final int plane;
  private final boolean maximum;

  private GlobalPooling(ArrayType x, boolean maximum) {
    this.planes = x.product(0, 2);
    this.plane = x.product(2, x.rank());
    this.maximum = maximum;
  }

  static Kernel maximum(Preparation preparation) {
    return new GlobalPooling(preparation.operand(0), true);
  }

  static Kernel average(Preparation preparation) {
    return new GlobalPooling(preparation.operand(0), false);
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    float[] x = (float[]) operands[0];
    float[] y = (float[]) results[0];
    workers.forRange(
        planes,
        Math.max(1, FloatUnary.GRAIN / Math.max(1, plane)),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            y[i] = maximum ? maximum(x, i * plane) : average(x, i * plane);
          }
        });
  }

  private float maximum(float[] x, int at) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = at; i < at + plane; i++) {
      largest = Math.max(largest, x[i]);
    }
    return largest;
  }

  private float average(float[] x, int at) {
    double sum = 0;
    for (int i = at; i < at + plane; i++) {
      sum += x[i];
    }
    return (float) (sum / plane);
  }
}
