package dev.octet.kernels.primitive;

/**
 * Sums of products of small integers in floats, by {@link FmaChains}.
 *
 * <p>Every integer up to 2^24 is a float. As long as no sum of some of the terms can pass that
 * bound, every step is exact and the order of the terms does not matter.
 */
final class ExactChains {

  /** The magnitude up to which sums in floats are exact. */
  static final long BOUND = 1 << 24;

  /** A number of products of two integers up to 255 whose sum never passes the bound. */
  static final int SAFE_TERMS = 256;

  private ExactChains() {}

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
