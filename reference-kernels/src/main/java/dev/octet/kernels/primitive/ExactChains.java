package dev.octet.kernels.primitive;

/**
 * Sums of products of small integers in floats: {@code acc[j] += w[k] * rows[k][j]}.
 *
 * <p>Every integer up to 2^24 is a float. As long as no sum of some of the terms can pass that
 * bound, every step is exact and the order of the terms does not matter. Four steps share one pass
 * over the accumulators; rows are arrays of their own that are read at the same index as the
 * accumulators, because that is the form of loop that the compiler turns into vectors without
 * asking whether arrays overlap.
 */
final class ExactChains {

  /** The magnitude up to which sums in floats are exact. */
  static final long BOUND = 1 << 24;

  /** A number of products of two integers up to 255 whose sum never passes the bound. */
  static final int SAFE_TERMS = 256;

  private ExactChains() {}

  /**
   * Adds terms {@code first} to {@code last - 1} to the accumulators from index {@code from} to
   * index {@code to - 1}.
   *
   * @param w the weights
   * @param weightOf for each term the index of its weight
   * @param rows the rows
   * @param rowOf for each term the index of its row
   */
  static void add(
      float[] w,
      int[] weightOf,
      float[][] rows,
      int[] rowOf,
      int first,
      int last,
      float[] acc,
      int from,
      int to) {
    int k = first;
    for (; k + 4 <= last; k += 4) {
      four(
          w[weightOf[k]],
          w[weightOf[k + 1]],
          w[weightOf[k + 2]],
          w[weightOf[k + 3]],
          rows[rowOf[k]],
          rows[rowOf[k + 1]],
          rows[rowOf[k + 2]],
          rows[rowOf[k + 3]],
          acc,
          from,
          to);
    }
    if (k + 3 == last) {
      three(
          w[weightOf[k]],
          w[weightOf[k + 1]],
          w[weightOf[k + 2]],
          rows[rowOf[k]],
          rows[rowOf[k + 1]],
          rows[rowOf[k + 2]],
          acc,
          from,
          to);
      return;
    }
    for (; k < last; k++) {
      one(w[weightOf[k]], rows[rowOf[k]], acc, from, to);
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
      int from,
      int to) {
    for (int j = from; j < to; j++) {
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
      int from,
      int to) {
    for (int j = from; j < to; j++) {
      acc[j] = Math.fma(w2, x2[j], Math.fma(w1, x1[j], Math.fma(w0, x0[j], acc[j])));
    }
  }

  private static void one(float w, float[] x, float[] acc, int from, int to) {
    for (int j = from; j < to; j++) {
      acc[j] = Math.fma(w, x[j], acc[j]);
    }
  }

  /**
   * Adds terms whose weights are {@code w[from]} and its neighbours, and whose rows begin at 0.
   *
   * @param count number of terms
   * @param length number of accumulators
   */
  static void add(float[] w, int from, float[][] rows, int count, float[] acc, int length) {
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
          0,
          length);
    }
    for (; k < count; k++) {
      one(w[from + k], rows[k], acc, 0, length);
    }
  }

  /**
   * Adds accumulators to int32 sums, modulo 2^32, and sets them to zero.
   *
   * @param from index of the first accumulator
   * @param at index of the first sum
   */
  static void flush(float[] acc, int from, int count, int[] sums, int at) {
    for (int i = 0; i < count; i++) {
      sums[at + i] += (int) acc[from + i];
      acc[from + i] = 0f;
    }
  }
}
