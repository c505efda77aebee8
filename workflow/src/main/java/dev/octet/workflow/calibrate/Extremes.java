package dev.octet.workflow.calibrate;

/**
 * The smallest and the largest value of one channel. Merging is exact: minimum, maximum and sums of
 * integers do not depend on order.
 *
 * @param min the smallest finite value; plus infinity when there was none
 * @param max the largest finite value; minus infinity when there was none
 * @param finite number of finite values, at least 0
 * @param nan number of NaN, at least 0
 * @param infinite number of infinities, at least 0
 */
public record Extremes(float min, float max, long finite, long nan, long infinite)
    implements ChannelStatistics {

  /** The statistics of no value at all. */
  static final Extremes NONE =
      new Extremes(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, 0, 0);

  /** Checks that the components agree and turns negative zeros into zeros. */
  public Extremes {
    min += 0f;
    max += 0f;
    requireConsistent(min, max, finite, nan, infinite);
  }

  @Override
  public Extremes plus(ChannelStatistics other) {
    if (!(other instanceof Extremes)) {
      throw new IllegalArgumentException("extremes and a histogram do not add up");
    }
    return new Extremes(
        Math.min(min, other.min()),
        Math.max(max, other.max()),
        Math.addExact(finite, other.finite()),
        Math.addExact(nan, other.nan()),
        Math.addExact(infinite, other.infinite()));
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

  static void requireConsistent(float min, float max, long finite, long nan, long infinite) {
    boolean range =
        finite > 0
            ? Float.isFinite(min) && Float.isFinite(max) && min <= max
            : min == Float.POSITIVE_INFINITY && max == Float.NEGATIVE_INFINITY;
    if (!range || finite < 0 || nan < 0 || infinite < 0) {
      throw new IllegalArgumentException(
          finite + " finite values in " + min + ".." + max + ", NaN " + nan + ", " + infinite);
    }
  }
}
