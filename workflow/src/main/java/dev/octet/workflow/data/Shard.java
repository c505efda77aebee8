package dev.octet.workflow.data;

import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.Finding;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** One of the parts that some samples are divided into. Closing it closes the whole. */
final class Shard implements DataSource {

  private final DataSource whole;
  private final int first;
  private final int size;

  private Shard(DataSource whole, int first, int size) {
    this.whole = whole;
    this.first = first;
    this.size = size;
  }

  static DataSource of(DataSource whole, int index, int count) {
    if (index < 1 || index > count) {
      throw DataErrors.NO_SHARD.error("there is no shard " + index + " of " + count).build();
    }
    int batch = whole.fixedBatch().orElse(1);
    int batches = whole.size() / batch;
    int from = bound(batches, index - 1, count) * batch;
    int to = bound(batches, index, count) * batch;
    if (from == to) {
      throw DataErrors.EMPTY_SHARD
          .error("shard " + index + " of " + count + " has no samples")
          .next("Divide the " + whole.size() + " samples into at most " + batches + " shards.");
    }
    return new Shard(whole, from, to - from);
  }

  /** Returns floor(batches * index / count): shards differ by at most one batch. */
  private static int bound(int batches, int index, int count) {
    return (int) ((long) batches * index / count);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public OptionalInt fixedBatch() {
    return whole.fixedBatch();
  }

  @Override
  public Map<String, Tensor> batch(int from, int count) {
    Objects.checkFromIndexSize(from, count, size);
    return whole.batch(first + from, count);
  }

  @Override
  public String describe(int sample) {
    return whole.describe(first + Objects.checkIndex(sample, size));
  }

  @Override
  public List<SampleRange> ranges(int from, int count) {
    Objects.checkFromIndexSize(from, count, size);
    return whole.ranges(first + from, count);
  }

  @Override
  public List<String> classNames() {
    return whole.classNames();
  }

  @Override
  public List<Finding> findings() {
    return whole.findings();
  }

  @Override
  public List<Finding> sampleFindings() {
    return whole.sampleFindings();
  }

  @Override
  public Optional<int[]> labels() {
    return whole.labels().map(this::own);
  }

  @Override
  public Optional<int[]> tokenCounts() {
    return whole.tokenCounts().map(this::own);
  }

  @Override
  public void close() {
    whole.close();
  }

  private int[] own(int[] all) {
    return Arrays.copyOfRange(all, first, first + size);
  }
}
