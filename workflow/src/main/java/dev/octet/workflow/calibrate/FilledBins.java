package dev.octet.workflow.calibrate;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The bins of a histogram that hold values, in rising order, each with the interval that its values
 * are taken as spread over: the bin, cut at the observed minimum and maximum.
 */
final class FilledBins {

  final int[] bin;
  final long[] count;
  final double[] low;
  final double[] high;

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
    for (int b = 0; b < bin.length; b++) {
      double u1 = low[b] / scale;
      double u2 = high[b] / scale;
      double k1 = grid.nearest(u1);
      double k2 = grid.nearest(u2);
      double d1 = u1 - k1;
      double d2 = u2 - k2;
      double mean =
          u2 > u1 ? ((k2 - k1) / 12 + (d2 * d2 * d2 - d1 * d1 * d1) / 3) / (u2 - u1) : d1 * d1;
      sum += count[b] * mean;
    }
    return sum * scale * scale;
  }
}
