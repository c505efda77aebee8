package dev.octet.workflow.calibrate;

import java.util.Arrays;

/**
 * Counts values into the bins of a {@link Histogram}. Memory is at most {@link Histogram#MAX_BINS}
 * counts, whatever is added. Not thread-safe.
 */
public final class HistogramAccumulator {

  private float min = Float.POSITIVE_INFINITY;
  private float max = Float.NEGATIVE_INFINITY;
  private int exponent = Histogram.MIN_EXPONENT;
  private int origin;
  private long[] counts = new long[0];
  private long zeros;
  private long nan;
  private long infinite;

  /** Begins with nothing. */
  public HistogramAccumulator() {}

  /** Adds {@code count} values of an array. */
  public void add(float[] data, int from, int count) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    int to = from + count;
    int finite = 0;
    for (int i = from; i < to; i++) {
      float value = data[i];
      if (Float.isFinite(value)) {
        low = value < low ? value : low;
        high = value > high ? value : high;
        finite++;
      } else if (Float.isNaN(value)) {
        nan++;
      } else {
        infinite++;
      }
    }
    if (finite > 0) {
      cover(low, high);
      bin(data, from, to, finite == count);
    }
  }

  /**
   * Adds the values that a histogram counts.
   *
   * @throws ArithmeticException if a count leaves 64 bits
   */
  void add(Histogram other) {
    nan = Math.addExact(nan, other.nan());
    infinite = Math.addExact(infinite, other.infinite());
    zeros = Math.addExact(zeros, other.zeros());
    if (other.finite() == 0) {
      return;
    }
    cover(other.min(), other.max());
    int shift = shift(exponent - other.exponent());
    for (int i = other.firstBin(); i < other.firstBin() + other.bins(); i++) {
      int bin = (i >> shift) - origin;
      counts[bin] = Math.addExact(counts[bin], other.count(i));
    }
  }

  /** Returns what was counted so far. */
  public Histogram toHistogram() {
    int first = 0;
    int end = counts.length;
    while (first < end && counts[first] == 0) {
      first++;
    }
    while (end > first && counts[end - 1] == 0) {
      end--;
    }
    int firstBin = first == end ? 0 : origin + first;
    long[] trimmed = Arrays.copyOfRange(counts, first, end);
    return new Histogram(min, max, firstBin, trimmed, zeros, nan, infinite);
  }

  /**
   * Counts values that the bins cover. Zeros are first counted in bin 0 like all others and then
   * taken out of it, so that the loop has no branch that depends on the data.
   */
  private void bin(float[] data, int from, int to, boolean allFinite) {
    double perWidth = Math.scalb(1.0, -exponent);
    long[] bins = counts;
    int first = origin;
    long zerosSeen = 0;
    for (int i = from; i < to; i++) {
      float value = data[i];
      if (allFinite || Float.isFinite(value)) {
        bins[(int) Math.floor(value * perWidth) - first]++;
        zerosSeen += isZero(value);
      }
    }
    bins[-first] -= zerosSeen;
    zeros = Math.addExact(zeros, zerosSeen);
  }

  /** Returns 1 for a zero of either sign and 0 for all else, without a branch. */
  private static int isZero(float value) {
    int magnitude = Float.floatToRawIntBits(value) << 1;
    return 1 + ((magnitude | -magnitude) >> 31);
  }

  /** Widens the bins until they cover a range besides the present one. */
  private void cover(float low, float high) {
    float newMin = Math.min(min, low + 0f);
    float newMax = Math.max(max, high + 0f);
    if (newMin == min && newMax == max) {
      return;
    }
    min = newMin;
    max = newMax;
    int wanted = Histogram.exponentFor(min, max, exponent);
    int first = Histogram.bin(Math.min(min, 0f), wanted);
    int last = Histogram.bin(Math.max(max, 0f), wanted);
    if (wanted != exponent || first < origin || last >= origin + counts.length) {
      rebin(wanted, first, last);
    }
  }

  private void rebin(int wanted, int first, int last) {
    int shift = shift(wanted - exponent);
    long[] wider = new long[last - first + 1];
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] != 0) {
        int bin = ((origin + i) >> shift) - first;
        wider[bin] = Math.addExact(wider[bin], counts[i]);
      }
    }
    counts = wider;
    origin = first;
    exponent = wanted;
  }

  /** A shift by 31 leaves 0 or -1 of every index, as all larger ones would. */
  private static int shift(int exponents) {
    return Math.min(exponents, Integer.SIZE - 1);
  }
}
