package dev.octet.workflow.check;

import dev.octet.api.graph.Tensor;
import dev.octet.workflow.data.DataSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A few of some samples, evenly spread over all of them and each run by itself, or with as many
 * others as the model fixes. Closing it does nothing: the samples stay open.
 */
final class PickedSamples implements DataSource {

  private final DataSource all;

  /** The first sample of each run. */
  private final int[] starts;

  private final int unit;

  /**
   * Picks samples.
   *
   * @param most how many at most, unless a single run has more; at least 1
   */
  PickedSamples(DataSource all, int most) {
    this.all = all;
    this.unit = all.fixedBatch().orElse(1);
    int units = all.size() / unit;
    int runs = Math.max(1, Math.min(most / unit, units));
    this.starts =
        IntStream.range(0, runs).map(i -> (int) ((long) units * i / runs) * unit).toArray();
  }

  @Override
  public int size() {
    return starts.length * unit;
  }

  /** Samples that were no neighbours are not joined into one batch. */
  @Override
  public OptionalInt fixedBatch() {
    return OptionalInt.of(unit);
  }

  @Override
  public Map<String, Tensor> batch(int from, int count) {
    Objects.checkFromIndexSize(from, count, size());
    if (count != unit) {
      throw new IllegalArgumentException("a run has " + unit + " samples, not " + count);
    }
    return all.batch(starts[from / unit], unit);
  }

  @Override
  public String describe(int sample) {
    return all.describe(starts[Objects.checkIndex(sample, size()) / unit] + sample % unit);
  }

  @Override
  public Optional<int[]> labels() {
    return all.labels().map(this::own);
  }

  @Override
  public List<String> classNames() {
    return all.classNames();
  }

  @Override
  public Optional<int[]> tokenCounts() {
    return all.tokenCounts().map(this::own);
  }

  private int[] own(int[] values) {
    int[] own = new int[size()];
    for (int run = 0; run < starts.length; run++) {
      System.arraycopy(values, starts[run], own, run * unit, unit);
    }
    return own;
  }

  @Override
  public void close() {}
}
