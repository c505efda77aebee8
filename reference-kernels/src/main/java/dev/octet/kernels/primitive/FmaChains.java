package dev.octet.kernels.primitive;

/**
 * The sum of products of every matrix product and convolution.
 *
 * <p>Output element {@code j} is one chain over {@code k}: {@code acc = fma(w[k], rows[k][j], acc)}
 * for {@code k} ascending, each step rounded once to float32. Vectors run across {@code j}, so that
 * the order of a sum never depends on vector length, tile or thread. Six steps of the chain share
 * one pass over the accumulators (with eight the compiler gives up vectors); rows are arrays of
 * their own that are read at the same index as the accumulators, because that is the form of loop
 * that the compiler turns into vectors without asking whether arrays overlap.
 */
public final class FmaChains {

  private static final int SIX = 6;
  private static final int FOUR = 4;
  private static final int THREE = 3;

  private FmaChains() {}

  /**
   * Continues the chains of elements {@code start} to {@code end - 1}.
   *
   * @param w the common factors, {@code w[from]} to {@code w[from + count - 1]}
   * @param rows the factors by output element, {@code rows[first]} to {@code rows[first + count -
   *     1]}, which do not overlap the accumulators
   * @param acc the accumulators
   */
  public static void accumulate(
      float[] w, int from, float[][] rows, int first, int count, float[] acc, int start, int end) {
    int k = 0;
    while (count - k >= THREE) {
      int left = count - k;
      // What is left of 7 or 8 goes in two passes rather than in a long one and one or two of one.
      int step = left == SIX || left > FOUR + FOUR ? SIX : left >= FOUR ? FOUR : THREE;
      pass(step, w, from + k, rows, first + k, acc, start, end);
      k += step;
    }
    for (; k < count; k++) {
      one(w[from + k], rows[first + k], acc, start, end);
    }
  }

  private static void pass(
      int step, float[] w, int at, float[][] rows, int row, float[] acc, int start, int end) {
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
      float w0,
      float w1,
      float w2,
      float w3,
      float w4,
      float w5,
      float[] x0,
      float[] x1,
      float[] x2,
      float[] x3,
      float[] x4,
      float[] x5,
      float[] acc,
      int start,
      int end) {
    for (int j = start; j < end; j++) {
      float sum = Math.fma(w1, x1[j], Math.fma(w0, x0[j], acc[j]));
      sum = Math.fma(w3, x3[j], Math.fma(w2, x2[j], sum));
      acc[j] = Math.fma(w5, x5[j], Math.fma(w4, x4[j], sum));
    }
  }

  private static void four(
      float w0,
      float w1,
      float w2,
      float w3,
      float[] x0,
      float[] x1,
      float[] x2,
      float[] x3,
      float[] acc,
      int start,
      int end) {
    for (int j = start; j < end; j++) {
      float sum = Math.fma(w1, x1[j], Math.fma(w0, x0[j], acc[j]));
      acc[j] = Math.fma(w3, x3[j], Math.fma(w2, x2[j], sum));
    }
  }

  private static void three(
      float w0,
      float w1,
      float w2,
      float[] x0,
      float[] x1,
      float[] x2,
      float[] acc,
      int start,
      int end) {
    for (int j = start; j < end; j++) {
      acc[j] = Math.fma(w2, x2[j], Math.fma(w1, x1[j], Math.fma(w0, x0[j], acc[j])));
    }
  }

  private static void one(float w, float[] x, float[] acc, int start, int end) {
    for (int j = start; j < end; j++) {
      acc[j] = Math.fma(w, x[j], acc[j]);
    }
  }
}
