package dev.octet.kernels.floats;

import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Softmax and LogSoftmax. In double: {@code e[i] = exp(x[i] - max)} by {@link StrictMath#exp},
 * their sum in order, then {@code e[i] / sum}, or {@code (x[i] - max) - log(sum)}; rounded to
 * float32 once.
 *
 * <p>Up to operator set 12 the dimensions from the axis on count as one (axis 1 by default), from
 * 13 on the axis alone (the last one by default).
 */
final class Softmax implements Kernel {

  private final int outer;
  private final int length;
  private final int inner;
  private final boolean logarithm;

  private Softmax(int outer, int length, int inner, boolean logarithm) {
    this.outer = outer;
    this.length = length;
    this.inner = inner;
    this.logarithm = logarithm;
  }

  static Kernel plain(Preparation preparation) {
    return prepare(preparation, false);
  }

  static Kernel logarithm(Preparation preparation) {
    return prepare(preparation, true);
  }

  private static Kernel prepare(Preparation preparation, boolean logarithm) {
    ArrayType x = preparation.operand(0);
    Node node = preparation.node();
    boolean coerced = preparation.opset() < 13;
    int rank = x.rank();
    long stated = node.intAttribute("axis", coerced ? 1 : -1);
    int axis = coerced && stated == rank ? rank : rank == 0 ? 0 : Dimensions.axis(stated, rank);
    int end = coerced ? rank : Math.min(rank, axis + 1);
    return new Softmax(x.product(0, axis), x.product(axis, end), x.product(end, rank), logarithm);
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    float[] x = (float[]) operands[0];
    float[] y = (float[]) results[0];
    int rows = length == 0 ? 0 : outer * inner;
    int tasks = Math.min(rows, 4 * workers.threads());
    workers.forEach(
        tasks,
        (task, worker) -> {
          double[] e = workers.scratch(worker).doubles(length);
          int end = (int) ((long) rows * (task + 1) / tasks);
          for (int row = (int) ((long) rows * task / tasks); row < end; row++) {
            row(x, y, row / inner * length * inner + row % inner, e);
          }
        });
  }

  private void row(float[] x, float[] y, int at, double[] e) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < length; i++) {
      largest = Math.max(largest, x[at + i * inner]);
    }
    double sum = 0;
    for (int i = 0; i < length; i++) {
      e[i] = StrictMath.exp((double) x[at + i * inner] - largest);
      sum += e[i];
    }
    double logSum = logarithm ? StrictMath.log(sum) : 0;
    for (int i = 0; i < length; i++) {
      double shifted = (double) x[at + i * inner] - largest;
      y[at + i * inner] = (float) (logarithm ? shifted - logSum : e[i] / sum);
    }
  }
}
