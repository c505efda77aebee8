package dev.octet.workflow.calibrate;

import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.MergeableStatistics;
import dev.octet.api.tree.Tree;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A histogram that is a function of the values seen and of nothing else: neither their order nor
 * their division into batches, threads or machines. Immutable.
 *
 * <p>All bins have the width {@code w = 2^exponent}; bin {@code i} counts the finite values other
 * than zero in {@code [i * w, (i + 1) * w)}. Zeros have a count of their own, because every
 * quantized grid holds them exactly and activations are full of them. The exponent is the smallest
 * {@code e >= -149} for which the bins from {@code floor(min(min, 0) / 2^e)} to {@code
 * floor(max(max, 0) / 2^e)} are at most {@value #MAX_BINS}: a function of the exact minimum and
 * maximum, which grows with the range.
 *
 * <p>That makes merging exact. While values arrive, the range only widens, so the exponent only
 * grows; and because {@code floor(floor(x / 2^e) / 2) = floor(x / 2^(e+1))}, a count that was taken
 * at a finer width and then added to its neighbour in pairs (bin {@code i} into bin {@code i >> 1})
 * is the count that the wider bins would have taken. At the end each bin holds exactly the values
 * of its interval at the final width, in whatever order they came. Division by a power of two and
 * {@code floor} are exact for every float32, subnormals included: {@code 2^-149} is the smallest
 * float32, so no finer width can tell two values apart.
 */
public final class Histogram implements MergeableStatistics {

  /** The largest number of bins. */
  public static final int MAX_BINS = 4096;

  /** The exponent of the finest width, that of the smallest float32. */
  static final int MIN_EXPONENT = -149;

  private final Extremes extremes;
  private final int exponent;
  private final int firstBin;
  private final long[] counts;
  private final long zeros;

  /**
   * Makes a histogram.
   *
   * @param min the smallest finite value; plus infinity when there was none
   * @param max the largest finite value; minus infinity when there was none
   * @param firstBin the index of the first bin that counts a value; 0 when none does
   * @param counts the counts of the bins from {@code firstBin} on, up to the last that counts a
   *     value; copied
   * @param zeros number of zeros
   * @param nan number of NaN
   * @param infinite number of infinities
   * @throws IllegalArgumentException if the components contradict each other
   * @throws ArithmeticException if a count leaves 64 bits
   */
  public Histogram(
      float min, float max, int firstBin, long[] counts, long zeros, long nan, long infinite) {
    this.firstBin = firstBin;
    this.counts = counts.clone();
    this.zeros = zeros;
    long finite = Math.addExact(zeros, sum(this.counts));
    this.extremes = new Extremes(min, max, finite, nan, infinite);
    this.exponent =
        finite == 0 ? MIN_EXPONENT : exponentFor(extremes.min(), extremes.max(), MIN_EXPONENT);
    requireConsistentBins();
  }

  @Override
  public Histogram plus(MergeableStatistics other) {
    if (!(other instanceof Histogram histogram)) {
      throw new IllegalArgumentException("extremes and a histogram do not add up");
    }
    HistogramAccumulator sum = new HistogramAccumulator();
    sum.add(this);
    sum.add(histogram);
    return sum.toHistogram();
  }

  @Override
  public Histogram repeated(long times) {
    long[] multiplied = counts.clone();
    for (int i = 0; i < multiplied.length; i++) {
      multiplied[i] = Math.multiplyExact(multiplied[i], times);
    }
    return new Histogram(
        min(),
        max(),
        firstBin,
        multiplied,
        Math.multiplyExact(zeros, times),
        Math.multiplyExact(nan(), times),
        Math.multiplyExact(infinite(), times));
  }

  /**
   * Reads what {@link #state} wrote.
   *
   * @throws IllegalArgumentException or {@link dev.octet.api.error.OctetException} if it is no
   *     state of a histogram, or does not fit the extremes
   */
  static Histogram of(Extremes extremes, Tree.Mapping state) {
    state.allowOnly("counts", "first", "zeros");
    Histogram histogram =
        new Histogram(
            extremes.min(),
            extremes.max(),
            state.get("first").asInt(),
            state.get("counts").asItems().stream().mapToLong(Tree::asLong).toArray(),
            state.get("zeros").asLong(),
            extremes.nan(),
            extremes.infinite());
    if (histogram.finite() != extremes.finite()) {
      throw new IllegalArgumentException(
          extremes.finite() + " finite values, but " + histogram.finite() + " in bins");
    }
    return histogram;
  }

  @Override
  public Extremes extremes() {
    return extremes;
  }

  /** Returns the bins, for observers of backends that build on one of Octet's. */
  @Override
  public Tree.Mapping state() {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("counts", Tree.of(Arrays.stream(counts).mapToObj(Tree::of).toList()));
    fields.put("first", Tree.of(firstBin));
    fields.put("zeros", Tree.of(zeros));
    return Tree.of(fields);
  }

  /** Returns the number of zeros, of either sign. */
  public long zeros() {
    return zeros;
  }

  /** Returns the base-2 logarithm of the width of a bin, at least -149. */
  public int exponent() {
    return exponent;
  }

  /** Returns the width of a bin, a power of two. */
  public double binWidth() {
    return Math.scalb(1.0, exponent);
  }

  /** Returns the index of the first bin that counts a value; 0 when none does. */
  public int firstBin() {
    return firstBin;
  }

  /** Returns the number of bins from the first to the last that count a value. */
  public int bins() {
    return counts.length;
  }

  /**
   * Returns the count of a bin.
   *
   * @param bin the index {@code i} of the bin {@code [i * w, (i + 1) * w)}; any
   */
  public long count(int bin) {
    int offset = bin - firstBin;
    return offset >= 0 && offset < counts.length ? counts[offset] : 0;
  }

  /** Returns a copy of the counts from the first to the last bin that count a value. */
  public long[] counts() {
    return counts.clone();
  }

  /**
   * Returns the smallest exponent, not below {@code atLeast}, whose bins cover zero and a range
   * within {@link #MAX_BINS}.
   */
  static int exponentFor(float min, float max, int atLeast) {
    float low = Math.min(min, 0f);
    float high = Math.max(max, 0f);
    int exponent = atLeast;
    // Up to 2^53 the difference of the two whole numbers is exact; beyond, it is far above the
    // limit whatever its last bits.
    while (floorDivide(high, exponent) - floorDivide(low, exponent) >= MAX_BINS) {
      exponent++;
    }
    return exponent;
  }

  /** Returns the bin of a value at an exponent that suits it. */
  static int bin(float value, int exponent) {
    return (int) floorDivide(value, exponent);
  }

  /** Exact: the quotient of a float32 and 2^exponent has 24 significant bits and fits a double. */
  private static double floorDivide(float value, int exponent) {
    return Math.floor(value * Math.scalb(1.0, -exponent));
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      if (count < 0) {
        throw new IllegalArgumentException("negative count " + count);
      }
      sum = Math.addExact(sum, count);
    }
    return sum;
  }

  private void requireConsistentBins() {
    int last = counts.length - 1;
    boolean trimmed = last < 0 ? firstBin == 0 : counts[0] > 0 && counts[last] > 0;
    if (!trimmed || zeros < 0 || !endsAgree(last)) {
      throw new IllegalArgumentException(
          "bins from "
              + firstBin
              + " on, "
              + counts.length
              + ", and "
              + zeros
              + " zeros do not fit "
              + min()
              + ".."
              + max());
    }
  }

  private boolean endsAgree(int last) {
    if (finite() == 0) {
      return true;
    }
    if (last < 0) {
      return min() == 0 && max() == 0;
    }
    boolean first = min() == 0 ? zeros > 0 && firstBin >= 0 : firstBin == bin(min(), exponent);
    boolean end =
        max() == 0 ? zeros > 0 && firstBin + last < 0 : firstBin + last == bin(max(), exponent);
    boolean zeroInside = zeros == 0 || (min() <= 0 && max() >= 0);
    return first && end && zeroInside;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Histogram that
        && extremes.equals(that.extremes)
        && firstBin == that.firstBin
        && zeros == that.zeros
        && Arrays.equals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(counts) + Long.hashCode(zeros) + Float.hashCode(max());
  }

  /** Returns the range, the number of values and the bins in words. */
  @Override
  public String toString() {
    return finite()
        + " values in "
        + min()
        + ".."
        + max()
        + ", "
        + counts.length
        + " bins of 2^"
        + exponent;
  }
}
