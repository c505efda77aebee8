package dev.octet.workflow.data;

import dev.octet.api.graph.Tensor;
import dev.octet.workflow.digest.ContentHash;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** A range of the samples of all inputs. Thread-safe. */
final class ArrayDataSource implements DataSource {

  private final Map<String, InputSamples> inputs;
  private final int first;
  private final int size;
  private final OptionalInt fixedBatch;
  private final Optional<int[]> labels;

  ArrayDataSource(
      Map<String, InputSamples> inputs,
      int first,
      int size,
      OptionalInt fixedBatch,
      Optional<int[]> labels) {
    this.inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    this.first = first;
    this.size = size;
    this.fixedBatch = fixedBatch;
    this.labels = labels;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public OptionalInt fixedBatch() {
    return fixedBatch;
  }

  @Override
  public Map<String, Tensor> batch(int from, int count) {
    requireBatch(from, count, size, fixedBatch);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    inputs.forEach((name, input) -> tensors.put(name, input.batch(first + from, count)));
    return tensors;
  }

  @Override
  public Optional<SampleRange> range() {
    ContentHash hash = new ContentHash().number(inputs.size());
    inputs.forEach((name, input) -> input.samples().addTo(hash.text(name)));
    return Optional.of(new SampleRange(hash.digits(), first, size));
  }

  @Override
  public Optional<int[]> labels() {
    return labels.map(int[]::clone);
  }

  @Override
  public void close() {
    inputs.values().forEach(InputSamples::close);
  }

  static void requireBatch(int from, int count, int size, OptionalInt fixedBatch) {
    Objects.checkFromIndexSize(from, count, size);
    if (count < 1 || (fixedBatch.isPresent() && fixedBatch.getAsInt() != count)) {
      throw new IllegalArgumentException(
          "a batch of " + count + " samples where the model takes " + fixedBatch);
    }
  }
}
