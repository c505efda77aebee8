package dev.octet.kernels.primitive;

/** Where sums of 64 bits go, and what becomes of them on the way. */
@FunctionalInterface
public interface SumTarget {

  /**
   * Writes one element.
   *
   * @param sum the sum
   * @param channel its output channel or column
   * @param at its index in the result
   */
  void put(long sum, int channel, int at);
}
