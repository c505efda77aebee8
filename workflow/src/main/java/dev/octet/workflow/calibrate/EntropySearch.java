package dev.octet.workflow.calibrate;

import dev.octet.api.observer.Range;
import dev.octet.api.spec.Scheme.Symmetry;
import dev.octet.kernels.quantize.ParameterRule;

/**
 * Searches the range whose quantized distribution has the least relative entropy (Kullback-Leibler
 * divergence) to the observed one.
 *
 * <p>A candidate keeps the bins from {@code f} to {@code l}, both of which hold values, and has the
 * grid (scale, zero point, first and last level) that {@link ParameterRule} gives for the outer
 * edges of these bins, clipped to the observed range. With {@code c(b)} the count of bin {@code b}
 * and {@code M} the sum of all counts:
 *
 * <ul>
 *   <li>{@code P(b) = c(b)} for the kept bins; {@code P(f)} also has the counts below {@code f} and
 *       {@code P(l)} those above {@code l}, since these values are clamped;
 *   <li>the level of a bin is that of its middle: {@code clamp(rne(middle / scale))};
 *   <li>{@code Q(b)} is the mean of {@code c} over the kept bins of the same level that hold
 *       values; {@code S} is the sum of {@code Q}, the counts that are kept;
 *   <li>{@code D = (1 / M) * sum of P(b) * ln(P(b) / Q(b)) + ln(S / M)}.
 * </ul>
 *
 * <p>Zeros take no part: every candidate represents them exactly. A symmetric scheme has one grid
 * on both sides, so bins at the same distance from zero are added first and only the upper end is
 * searched. A candidate, widened to hold zero, spans at least as many bins as there are levels, if
 * the observed range does: with fewer bins the quantized distribution would be equal to the
 * observed one whatever the range. All of it is in double arithmetic with {@link StrictMath#log},
 * summed over rising levels. {@link LatticeSearch} says which candidates are tried; among equals
 * the widest wins.
 *
 * <p>Source: S. Migacz, "8-bit Inference with TensorRT" (GTC 2017), here with the levels of the
 * grid that is finally used and both ends searched.
 */
final class EntropySearch {

  /** What rounding adds to a divergence, as a part of 1 + ln M, and more. */
  private static final double ROUNDING = 0x1p-30;

  private final FilledBins bins;
  private final Range observed;
  private final ParameterRule rule;
  private final long[] before;
  private final double[] countLogs;
  private final long leastSpan;

  private EntropySearch(FilledBins bins, Range observed, ParameterRule rule) {
    this.bins = bins;
    this.observed = observed;
    this.rule = rule;
    this.before = new long[bins.size() + 1];
    this.countLogs = new double[bins.size()];
    for (int b = 0; b < bins.size(); b++) {
      before[b + 1] = before[b] + bins.count[b];
      countLogs[b] = bins.count[b] * StrictMath.log((double) bins.count[b]);
    }
    boolean symmetric = rule.scheme().symmetry() == Symmetry.SYMMETRIC;
    long levels = rule.type().max() - rule.type().min() + 1;
    this.leastSpan = Math.min(symmetric ? (levels + 1) / 2 : levels, span(0, bins.size() - 1));
  }

  static Range search(Histogram histogram, ParameterRule rule) {
    Range observed = new Range(histogram.min(), histogram.max());
    FilledBins bins = FilledBins.of(histogram);
    if (bins.size() == 0) {
      return observed;
    }
    if (rule.scheme().symmetry() == Symmetry.AFFINE) {
      return new EntropySearch(bins, observed, rule).affine();
    }
    float widest = Math.max(-observed.min(), observed.max());
    FilledBins folded = bins.folded(histogram.binWidth(), widest);
    return new EntropySearch(folded, observed, rule).symmetric();
  }

  private Range affine() {
    int size = bins.size();
    int negative = 0;
    while (negative < size && bins.bin[negative] < 0) {
      negative++;
    }
    int lows = Math.max(negative, 1);
    int highs = Math.max(size - negative, 1);
    int[] found =
        LatticeSearch.minimise(
            lows, highs, (i, j, best) -> affineDivergence(i, size - 1 - j, best));
    return new Range(low(found[0]), high(size - 1 - found[1]));
  }

  private Range symmetric() {
    int size = bins.size();
    int[] found =
        LatticeSearch.minimise(size, 1, (i, j, best) -> symmetricDivergence(size - 1 - i, best));
    return observed.within(high(size - 1 - found[0]));
  }

  private double affineDivergence(int first, int last, double best) {
    float low = low(first);
    float high = high(last);
    if (span(first, last) < leastSpan || !rule.hasScale(low, high)) {
      return Double.POSITIVE_INFINITY;
    }
    return divergence(first, last, Grid.of(low, high, rule), best);
  }

  private double symmetricDivergence(int last, double best) {
    float limit = high(last);
    if (span(0, last) < leastSpan || !rule.hasScale(-limit, limit)) {
      return Double.POSITIVE_INFINITY;
    }
    Grid grid = Grid.of(-limit, limit, rule);
    double levels = Math.max(-grid.first(), grid.last());
    return divergence(0, last, new Grid(grid.scale(), Math.abs(grid.shift()), levels), best);
  }

  /**
   * Returns the divergence; infinity as soon as it is sure that it is not below the best one. By
   * the log sum inequality no level has less than nothing of it, but for rounding: at most 2^13
   * sums and products of numbers up to {@code M ln M}.
   */
  private double divergence(int first, int last, Grid grid, double best) {
    long all = before[bins.size()];
    long below = before[first];
    long above = all - before[last + 1];
    double share = StrictMath.log((double) (all - below - above) / all);
    double enough = all * (best - share + ROUNDING * (1 + StrictMath.log((double) all)));
    double sum = 0;
    int b = first;
    double next = level(b, grid);
    while (b <= last) {
      if (sum >= enough) {
        return Double.POSITIVE_INFINITY;
      }
      double level = next;
      int start = b;
      double logs = 0;
      while (b <= last && next == level) {
        logs += countLogs[b];
        b++;
        next = b <= last ? level(b, grid) : next;
      }
      long kept = before[b] - before[start];
      long added = (start == first ? below : 0) + (b > last ? above : 0);
      sum += logs + clampedLogs(first, last, start, b, below, above);
      sum -= (kept + added) * StrictMath.log((double) kept / (b - start));
    }
    return sum / all + share;
  }

  /** Returns by how much P ln P of the end bins grows with the clamped values, if they are here. */
  private double clampedLogs(int first, int last, int start, int end, long below, long above) {
    double grown = 0;
    if (first == last) {
      grown += grown(first, below + above);
    } else {
      grown += start == first ? grown(first, below) : 0;
      grown += end > last ? grown(last, above) : 0;
    }
    return grown;
  }

  private double grown(int b, long added) {
    double all = bins.count[b] + added;
    return added == 0 ? 0 : all * StrictMath.log(all) - countLogs[b];
  }

  private double level(int b, Grid grid) {
    return grid.nearest((bins.low[b] + bins.high[b]) / 2 / grid.scale());
  }

  private float low(int b) {
    return bins.bin[b] < 0 ? (float) bins.low[b] : observed.min();
  }

  private float high(int b) {
    return bins.bin[b] >= 0 ? (float) bins.high[b] : observed.max();
  }

  private long span(int first, int last) {
    return Math.max(bins.bin[last], 0) - Math.min(bins.bin[first], 0) + 1L;
  }
}
