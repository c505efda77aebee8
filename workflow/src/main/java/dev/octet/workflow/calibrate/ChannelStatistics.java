package dev.octet.workflow.calibrate;

/**
 * What an observer keeps of one channel: a function of the values seen, whatever their order.
 * Immutable.
 *
 * <p>NaN and infinities are counted and take no part in anything else. Negative zero counts as
 * zero.
 */
public sealed interface ChannelStatistics permits Extremes, Histogram {

  /** Returns the smallest finite value; plus infinity when there was none. */
  float min();

  /** Returns the largest finite value; minus infinity when there was none. */
  float max();

  /** Returns the number of finite values. */
  long finite();

  /** Returns the number of NaN. */
  long nan();

  /** Returns the number of infinities of either sign. */
  long infinite();

  /**
   * Returns the statistics of both sets of values.
   *
   * @throws IllegalArgumentException if the other statistics are of another kind
   * @throws ArithmeticException if a count leaves 64 bits
   */
  ChannelStatistics plus(ChannelStatistics other);

  /**
   * Returns the statistics of the same values, each seen {@code times} times.
   *
   * @param times at least 1
   * @throws ArithmeticException if a count leaves 64 bits
   */
  ChannelStatistics repeated(long times);

  /**
   * Returns the number of all values.
   *
   * @throws ArithmeticException if it leaves 64 bits
   */
  default long count() {
    return Math.addExact(Math.addExact(finite(), nan()), infinite());
  }
}
