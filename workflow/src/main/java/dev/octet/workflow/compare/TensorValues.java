package dev.octet.workflow.compare;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.calibrate.Histogram;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the finite values of a tensor of the float model are distributed.
 *
 * @param min the least one
 * @param max the largest one
 * @param from where the first bin begins
 * @param to where the last one ends
 * @param counts how many lie in each of the bins, which are equally wide
 */
public record TensorValues(double min, double max, double from, double to, List<Long> counts) {

  /** How many bins there are. */
  static final int BINS = 48;

  /** Copies the list. */
  public TensorValues {
    counts = List.copyOf(counts);
  }

  /**
   * Puts the bins of a histogram into fewer ones, each by its middle.
   *
   * @param histogram has at least one finite value
   * @param least what the bins begin with at the latest
   * @param most what they end with at the earliest
   */
  static TensorValues of(Histogram histogram, double least, double most) {
    double from = Math.min(least, histogram.min());
    double to = Math.max(most, histogram.max());
    long[] counts = new long[BINS];
    counts[bin(0, from, to)] += histogram.zeros();
    for (int i = histogram.firstBin(); i < histogram.firstBin() + histogram.bins(); i++) {
      counts[bin((i + 0.5) * histogram.binWidth(), from, to)] += histogram.count(i);
    }
    List<Long> boxed = java.util.Arrays.stream(counts).boxed().toList();
    return new TensorValues(histogram.min(), histogram.max(), from, to, boxed);
  }

  private static int bin(double value, double from, double to) {
    double place = to > from ? (value - from) / (to - from) * BINS : 0;
    return (int) Math.min(Math.max(place, 0), BINS - 1);
  }

  Tree.Mapping tree() {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("min", Tree.of(min));
    fields.put("max", Tree.of(max));
    fields.put("from", Tree.of(from));
    fields.put("to", Tree.of(to));
    fields.put("counts", Tree.of(counts.stream().map(Tree::of).toList()));
    return Tree.of(fields);
  }
}
