package dev.octet.kernels.floats;

/**
 * The sum of products of every matrix product and convolution.
 *
 * <p>Output element {@code j} is one chain over {@code k}: {@code acc = fma(w[k], rows[k][j], acc)}
 * for {@code k} ascending, each step rounded once to float32. Vectors run across {@code j}, so that
 * the order of a sum never depends on vector length, tile or thread. Four steps of the chain share
 * one pass over the accumulators; rows are arrays of their own, each read from index 0, because
 * that is the form of loop that the compiler turns into vectors without asking whether arrays
 * overlap.
 */
final class FmaChains {

  private FmaChains() {}

  /**
   * Continues the chains.
   *
   * @param w the common factors, {@code w[from]} to {@code w[from + count - 1]}
   * @param rows the factors by output element, {@code count} rows
   * @param acc the accumulators
   * @param length number of output elements
   */
  static void accumulate(float[] w, int from, float[][] rows, int count, float[] acc, int length) {
    int k = 0;
    for (; k + 4 <= count; k += 4) {
      int at = from + k;
      four(
          w[at],
          w[at + 1],
          w[at + 2],
          w[at + 3],
          rows[k],
          rows[k + 1],
          rows[k + 2],
          rows[k + 3],
          acc,
          length);
    }
    for (; k < count; k++) {
      one(w[from + k], rows[k], acc, length);
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
      int length) {
    for (int j = 0; j < length; j++) {
      float sum = Math.fma(w1, x1[j], Math.fma(w0, x0[j], acc[j]));
      acc[j] = Math.fma(w3, x3[j], Math.fma(w2, x2[j], sum));
    }
  }

  private static void one(float w, float[] x, float[] acc, int length) {
    for (int j = 0; j < length; j++) {
      acc[j] = Math.fma(w, x[j], acc[j]);
    }
  }
}
