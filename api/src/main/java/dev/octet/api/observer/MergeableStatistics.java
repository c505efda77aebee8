package dev.octet.api.observer;

/**
 * Statistics that are a function of the values seen, whatever their order.
 *
 * <p>Addition is exact: {@code a.plus(b)} equals what one observer keeps that saw the values of
 * both, bit for bit, so it is commutative and associative. Minimum, maximum and sums of integers
 * are; sums of floats are not, unless they are kept without rounding. Calibration on several
 * threads and on several machines gives the same bits because of that.
 */
public interface MergeableStatistics extends ChannelStatistics {

  /**
   * Returns the statistics of both sets of values.
   *
   * @param other statistics of the same kind of observer
   * @throws IllegalArgumentException if the other statistics are of another kind
   * @throws ArithmeticException if a count leaves 64 bits
   */
  MergeableStatistics plus(MergeableStatistics other);

  /**
   * Returns the statistics of the same values, each seen {@code times} times: what adding them to
   * themselves gives.
   *
   * @param times at least 1
   * @throws ArithmeticException if a count leaves 64 bits
   */
  MergeableStatistics repeated(long times);
}
