package dev.octet.workflow.calibrate;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The bins of a histogram that hold values, in rising order, each with the interval that its values
 * are taken as spread over: the bin, cut at the observed minimum and maximum.
 */
final class FilledBins {

  /** What rounding takes of a sum of positive terms, and more; see {@link #isAtLeast}. */
  private static final double RELATIVE = 0x1p-30;

  private static final double ABSOLUTE = 0x1p-40;

  final int[] bin;
  final long[] count;
  final double[] low;
  final double[] high;
  private double all;

  private FilledBins(int size) {
    bin = new int[size];
    count = new long[size];
    low = new double[size];
    high = new double[size];
  }

  static FilledBins of(Histogram histogram) {
    int end = histogram.firstBin() + histogram.bins();
    int size = 0;
    for (int i = histogram.firstBin(); i < end; i++) {
      size += histogram.count(i) > 0 ? 1 : 0;
    }
    FilledBins filled = new FilledBins(size);
    int at = 0;
    for (int i = histogram.firstBin(); i < end; i++) {
      if (histogram.count(i) > 0) {
        filled.bin[at] = i;
        filled.count[at] = histogram.count(i);
        filled.all += histogram.count(i);
        filled.low[at] = Math.max(i * histogram.binWidth(), histogram.min());
        filled.high[at] = Math.min((i + 1) * histogram.binWidth(), histogram.max());
        at++;
      }
    }
    return filled;
  }

  /**
   * Returns the bins of the distances from zero: bin {@code i} and its mirror {@code -1 - i} added.
   *
   * @param width the width of a bin
   * @param widest the largest distance
   */
  FilledBins folded(double width, float widest) {
    SortedMap<Integer, Long> sums = new TreeMap<>();
    for (int b = 0; b < bin.length; b++) {
      sums.merge(bin[b] >= 0 ? bin[b] : -1 - bin[b], count[b], Math::addExact);
    }
    FilledBins folded = new FilledBins(sums.size());
    int at = 0;
    for (var sum : sums.entrySet()) {
      folded.bin[at] = sum.getKey();
      folded.count[at] = sum.getValue();
      folded.all += sum.getValue();
      folded.low[at] = sum.getKey() * width;
      folded.high[at] = Math.min((sum.getKey() + 1) * width, widest);
      at++;
    }
    return folded;
  }

  int size() {
    return bin.length;
  }

  /** Returns the expected squared error of a grid; {@link SquaredErrorSearch} has the formula. */
  double squaredError(Grid grid) {
    double scale = grid.scale();
    double sum = 0;
    double above = Double.NaN;
    double u2 = 0;
    double k2 = 0;
    double cube2 = 0;
    for (int b = 0; b < bin.length; b++) {
      boolean adjoins = low[b] == above;
      double u1 = adjoins ? u2 : low[b] / scale;
      double k1 = adjoins ? k2 : grid.nearest(u1);
      double cube1 = adjoins ? cube2 : cube(u1 - k1);
      above = high[b];
      u2 = above / scale;
      k2 = grid.nearest(u2);
      cube2 = cube(u2 - k2);
      sum += count[b] * (u2 > u1 ? mean(u1, k1, cube1, u2, k2, cube2) : square(u1 - k1));
    }
    return sum * scale * scale;
  }

  private static double mean(
      double u1, double k1, double cube1, double u2, double k2, double cube2) {
    return ((k2 - k1) / 12 + (cube2 - cube1) / 3) / (u2 - u1);
  }

  private static double square(double d) {
    return d * d;
  }

  private static double cube(double d) {
    return d * d * d;
  }

  private double term(int b, Grid grid) {
    double u1 = low[b] / grid.scale();
    double u2 = high[b] / grid.scale();
    double k1 = grid.nearest(u1);
    double k2 = grid.nearest(u2);
    return count[b]
        * (u2 > u1 ? mean(u1, k1, cube(u1 - k1), u2, k2, cube(u2 - k2)) : square(u1 - k1));
  }

  /**
   * Tells for sure, and in less time than {@link #squaredError} takes, whether it is at least a
   * value; where this is false it may be so all the same.
   *
   * <p>Bins beyond an end of the grid lose at least the square of how far their middle is from it;
   * the first and the last bin, which may be cut to next to nothing, are computed as they are
   * there. All others are a width {@code w} wide and at most 4096 of them away from 0, so that
   * rounding takes less than 2^-30 of those beyond an end, and of any other, which in truth loses
   * something, it makes no less than {@code -2^-40 * count * (s^2 + w^2 + s^3 / w)}: with {@code F}
   * of {@link SquaredErrorSearch} growing in {@code u}, what counts is only how each {@code F} is
   * rounded, to {@code 2^-50 * (k + |u - k|^3)}, and a difference of two is divided by {@code w /
   * s}.
   */
  boolean isAtLeast(double value, Grid grid) {
    int last = bin.length - 1;
    if (last < 2) {
      return false;
    }
    double squared = square(grid.scale());
    double first = term(0, grid) * squared;
    double other = term(last, grid) * squared;
    double ends = first + other - RELATIVE * (Math.abs(first) + Math.abs(other));
    return loseBeyond(grid, value - ends + rounding(grid.scale()));
  }

  private double rounding(double scale) {
    double width = high[1] - low[1];
    double squares = square(scale) + square(width) + scale * scale * scale / width;
    return ABSOLUTE * all * squares;
  }

  /** Tells whether what is beyond the ends of a grid, but for the outermost bins, loses so much. */
  private boolean loseBeyond(Grid grid, double enough) {
    double lowest = grid.first() * grid.scale();
    double highest = grid.last() * grid.scale();
    double lost = 0;
    for (int b = 1; b < bin.length - 1 && high[b] <= lowest && lost < enough; b++) {
      lost += lessened(b, lowest);
    }
    for (int b = bin.length - 2; b > 0 && low[b] >= highest && lost < enough; b--) {
      lost += lessened(b, highest);
    }
    return lost >= enough;
  }

  private double lessened(int b, double end) {
    return count[b] * square((low[b] + high[b]) / 2 - end) * (1 - RELATIVE);
  }
}
