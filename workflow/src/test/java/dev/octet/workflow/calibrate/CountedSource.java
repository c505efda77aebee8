package dev.octet.workflow.calibrate;

import dev.octet.api.graph.Tensor;
import dev.octet.workflow.data.DataSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the samples that are read of others. */
record CountedSource(DataSource samples, AtomicInteger read) implements DataSource {

  @Override
  public int size() {
    return samples.size();
  }

  @Override
  public OptionalInt fixedBatch() {
    return samples.fixedBatch();
  }

  @Override
  public Map<String, Tensor> batch(int from, int count) {
    read.addAndGet(count);
    return samples.batch(from, count);
  }

  @Override
  public Optional<int[]> labels() {
    return samples.labels();
  }

  @Override
  public void close() {
    samples.close();
  }
}
