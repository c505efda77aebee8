package dev.octet.workflow.compare;

import dev.octet.workflow.calibrate.Histogram;
import dev.octet.workflow.calibrate.HistogramAccumulator;
import dev.octet.workflow.evaluate.IntegerRange;
import dev.octet.workflow.evaluate.Sqnr;
import dev.octet.workflow.evaluate.SquaredError;
import java.util.BitSet;
import java.util.Optional;

/**
 * What is kept of one tensor over all samples: sums in float64 in the order of the samples, and
 * counts. Not thread-safe.
 */
final class TensorWatch {

  /** Integers of more bits are not told apart. */
  private static final double MOST_INTEGERS = 1 << 16;

  private final Counterpart counterpart;
  private final SquaredError accumulated = new SquaredError();
  private final SquaredError local = new SquaredError();
  private final HistogramAccumulator histogram = new HistogramAccumulator();
  private final BitSet used = new BitSet();
  private long elements;
  private long clipped;

  TensorWatch(Counterpart counterpart) {
    this.counterpart = counterpart;
  }

  Counterpart counterpart() {
    return counterpart;
  }

  /** Takes what the float model gave for a batch, and the quantized one. */
  void add(float[] reference, float[] quantized) {
    accumulated.add(reference, quantized);
    histogram.add(reference, 0, reference.length);
    range().ifPresent(range -> count(range, reference, quantized));
  }

  /** Takes what the float model gave for a batch, and the quantized one given floats. */
  void addLocal(float[] reference, float[] quantized) {
    local.add(reference, quantized);
  }

  private Optional<IntegerRange> range() {
    return counterpart
        .read()
        .range()
        .filter(range -> range.integers() <= MOST_INTEGERS && range.scale() > 0);
  }

  private void count(IntegerRange range, float[] reference, float[] quantized) {
    for (int i = 0; i < reference.length; i++) {
      if (!Float.isNaN(reference[i])) {
        elements++;
        clipped += range.clips(reference[i]) ? 1 : 0;
      }
      if (!Float.isNaN(quantized[i])) {
        used.set((int) (range.integer(quantized[i]) - range.leastInteger()));
      }
    }
  }

  Sqnr sqnr() {
    return accumulated.sqnr();
  }

  TensorError error(int place, Sqnr reads) {
    Optional<TensorRange> range =
        range().map(each -> new TensorRange(each, elements, clipped, used.cardinality()));
    return new TensorError(
        counterpart.tensor(),
        counterpart.node().map(node -> node.name()),
        counterpart.node().map(node -> node.op().toString()).orElse("input"),
        place,
        reads,
        accumulated.sqnr(),
        accumulated.largest(),
        local.sqnr(),
        local.largest(),
        range,
        values(range));
  }

  private Optional<TensorValues> values(Optional<TensorRange> range) {
    Histogram seen = histogram.toHistogram();
    return seen.finite() == 0
        ? Optional.empty()
        : Optional.of(
            TensorValues.of(
                seen,
                range.map(each -> each.range().least()).orElse((double) seen.min()),
                range.map(each -> each.range().most()).orElse((double) seen.max())));
  }
}
