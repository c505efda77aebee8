package dev.octet.api.observer;

/**
 * The smallest and the largest value of one channel, and how many there were. Merging is exact:
 * minimum, maximum and sums of integers do not depend on order.
 *
 * <p>NaN and infinities are counted and take no part in the range. Negative zero counts as zero.
 *
 * @param min the smallest finite value; plus infinity when there was none
 * @param max the largest finite value; minus infinity when there was none
 * @param finite number of finite values, at least 0
 * @param nan number of NaN, at least 0
 * @param infinite number of infinities, at least 0
 */
public record Extremes(float min, float max, long finite, long nan, long infinite)
    implements MergeableStatistics {

  /** The statistics of no value at all. */
  public static final Extremes NONE =
      new Extremes(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, 0, 0);

  /**
   * Turns negative zeros into zeros.
   *
   * @throws IllegalArgumentException if the components contradict each other
   */
  public Extremes {
    min += 0f;
    max += 0f;
    boolean range =
        finite > 0
            ? Float.isFinite(min) && Float.isFinite(max) && min <= max
            : min == Float.POSITIVE_INFINITY && max == Float.NEGATIVE_INFINITY;
    if (!range || finite < 0 || nan < 0 || infinite < 0) {
      throw new IllegalArgumentException(
          finite + " finite values in " + min + ".." + max + ", NaN " + nan + ", " + infinite);
    }
  }

  /**
   * Returns the statistics of the values of one channel.
   *
   * @param data an array that holds values
   * @param from where they start
   * @param layout which channel each belongs to
   * @param channel the channel, from 0
   */
  public static Extremes of(float[] data, int from, ChannelLayout layout, int channel) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    long nan = 0;
    long infinite = 0;
    for (int o = 0; o < layout.outer(); o++) {
      int start = from + layout.start(o, channel);
      for (int i = start; i < start + layout.inner(); i++) {
        float value = data[i];
        if (Float.isFinite(value)) {
          low = value < low ? value : low;
          high = value > high ? value : high;
        } else if (Float.isNaN(value)) {
          nan++;
        } else {
          infinite++;
        }
      }
    }
    long finite = (long) layout.outer() * layout.inner() - nan - infinite;
    return new Extremes(low, high, finite, nan, infinite);
  }

  /** Returns these. */
  @Override
  public Extremes extremes() {
    return this;
  }

  /**
   * Returns the extremes of both sets of values.
   *
   * @throws ArithmeticException if a count leaves 64 bits
   */
  public Extremes plus(Extremes other) {
    return new Extremes(
        Math.min(min, other.min),
        Math.max(max, other.max),
        Math.addExact(finite, other.finite),
        Math.addExact(nan, other.nan),
        Math.addExact(infinite, other.infinite));
  }

  @Override
  public Extremes plus(MergeableStatistics other) {
    if (other instanceof Extremes that) {
      return plus(that);
    }
    throw new IllegalArgumentException(
        "extremes and " + other.getClass().getSimpleName() + " do not add up");
  }

  @Override
  public Extremes repeated(long times) {
    return new Extremes(
        min,
        max,
        Math.multiplyExact(finite, times),
        Math.multiplyExact(nan, times),
        Math.multiplyExact(infinite, times));
  }
}
