package dev.octet.kernels.primitive;

/**
 * Sums of products of small integers for two output channels at once: the sums are the low and the
 * high part of one double.
 *
 * <p>A factor is {@code w0 + w1 * 2^26}, and {@code acc[j] += w[k] * rows[k][j]} adds to both sums.
 * As long as no sum of some of the terms can pass {@link ExactChains#BOUND}, which is 2^24, the two
 * do not meet and together need 51 bits: every step is exact. A pass is half as wide as one over
 * floats, see {@link FmaChains}, and does twice as much, so that short rows cost half.
 */
final class PairChains {

  /** The distance of the two parts, which is more than twice the bound of a part. */
  static final int DISTANCE = 26;

  /** One unit of the high part. */
  static final double UNIT = 0x1p26;

  /** Around it neighbouring doubles differ by one unit of the high part. */
  private static final double SHIFT = 0x1.8p52 * UNIT;

  private static final int SIX = 6;
  private static final int FOUR = 4;
  private static final int THREE = 3;

  private PairChains() {}

  /** Returns what holds two sums. */
  static double of(int low, int high) {
    return (double) (((long) high << DISTANCE) + low);
  }

  /**
   * Splits accumulators {@code from} to {@code from + count - 1}, which are overwritten.
   *
   * @param scratch as long as the accumulators, overwritten
   * @param low receives the low sums, from index 0
   * @param high receives the high sums, from index 0
   */
  static void split(
      double[] acc, int from, int count, double[] scratch, float[] low, float[] high) {
    for (int j = from; j < from + count; j++) {
      double above = acc[j] + SHIFT - SHIFT;
      scratch[j] = above;
      acc[j] -= above;
    }
    for (int i = 0; i < count; i++) {
      low[i] = (float) acc[from + i];
      high[i] = (float) (scratch[from + i] * (1 / UNIT));
    }
  }

  /** Adds terms to both sums; see {@link FmaChains#accumulate}. */
  static void accumulate(
      double[] w,
      int from,
      double[][] rows,
      int first,
      int count,
      double[] acc,
      int start,
      int end) {
    int k = 0;
    while (count - k >= THREE) {
      int left = count - k;
      int step = left == SIX || left > FOUR + FOUR ? SIX : left >= FOUR ? FOUR : THREE;
      pass(step, w, from + k, rows, first + k, acc, start, end);
      k += step;
    }
    for (; k < count; k++) {
      one(w[from + k], rows[first + k], acc, start, end);
    }
  }

  private static void pass(
      int step, double[] w, int at, double[][] rows, int row, double[] acc, int start, int end) {
    if (step == SIX) {
      six(
          w[at],
          w[at + 1],
          w[at + 2],
          w[at + 3],
          w[at + 4],
          w[at + 5],
          rows[row],
          rows[row + 1],
          rows[row + 2],
          rows[row + 3],
          rows[row + 4],
          rows[row + 5],
          acc,
          start,
          end);
    } else if (step == FOUR) {
      four(
          w[at],
          w[at + 1],
          w[at + 2],
          w[at + 3],
          rows[row],
          rows[row + 1],
          rows[row + 2],
          rows[row + 3],
          acc,
          start,
          end);
    } else {
      three(w[at], w[at + 1], w[at + 2], rows[row], rows[row + 1], rows[row + 2], acc, start, end);
    }
  }

  private static void six(
      double w0,
      double w1,
      double w2,
      double w3,
      double w4,
      double w5,
      double[] x0,
      double[] x1,
      double[] x2,
      double[] x3,
      double[] x4,
      double[] x5,
      double[] acc,
      int start,
      int end) {
    for (int j = start; j < end; j++) {
      double sum = Math.fma(w1, x1[j], Math.fma(w0, x0[j], acc[j]));
      sum = Math.fma(w3, x3[j], Math.fma(w2, x2[j], sum));
      acc[j] = Math.fma(w5, x5[j], Math.fma(w4, x4[j], sum));
    }
  }

  private static void four(
      double w0,
      double w1,
      double w2,
      double w3,
      double[] x0,
      double[] x1,
      double[] x2,
      double[] x3,
      double[] acc,
      int start,
      int end) {
    for (int j = start; j < end; j++) {
      double sum = Math.fma(w1, x1[j], Math.fma(w0, x0[j], acc[j]));
      acc[j] = Math.fma(w3, x3[j], Math.fma(w2, x2[j], sum));
    }
  }

  private static void three(
      double w0,
      double w1,
      double w2,
      double[] x0,
      double[] x1,
      double[] x2,
      double[] acc,
      int start,
      int end) {
    for (int j = start; j < end; j++) {
      acc[j] = Math.fma(w2, x2[j], Math.fma(w1, x1[j], Math.fma(w0, x0[j], acc[j])));
    }
  }

  private static void one(double w, double[] x, double[] acc, int start, int end) {
    for (int j = start; j < end; j++) {
      acc[j] = Math.fma(w, x[j], acc[j]);
    }
  }
}
