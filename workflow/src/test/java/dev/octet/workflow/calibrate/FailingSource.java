package dev.octet.workflow.calibrate;

import dev.octet.api.graph.Tensor;
import dev.octet.workflow.data.DataSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Samples of which those from one on cannot be read. */
record FailingSource(DataSource good, int firstBad) implements DataSource {

  @Override
  public int size() {
    return good.size();
  }

  @Override
  public OptionalInt fixedBatch() {
    return good.fixedBatch();
  }

  @Override
  public Map<String, Tensor> batch(int from, int count) {
    if (from >= firstBad) {
      throw new IllegalStateException("sample " + from);
    }
    return good.batch(from, count);
  }

  @Override
  public Optional<int[]> labels() {
    return good.labels();
  }

  @Override
  public void close() {
    good.close();
  }
}
