package dev.octet.workflow.data;

import static java.util.stream.Collectors.joining;

import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.Finding;
import dev.octet.workflow.digest.ContentHash;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** A range of the samples of all inputs. Thread-safe. */
final class ArrayDataSource implements DataSource {

  /** Inputs of which messages say where a sample is stored. */
  private static final int MOST_PLACES = 3;

  private final Map<String, InputSamples> inputs;
  private final SampleOrder order;
  private final OptionalInt fixedBatch;
  private final Labels labels;

  ArrayDataSource(
      Map<String, InputSamples> inputs, SampleOrder order, OptionalInt fixedBatch, Labels labels) {
    this.inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    this.order = order;
    this.fixedBatch = fixedBatch;
    this.labels = labels;
  }

  @Override
  public int size() {
    return order.size();
  }

  @Override
  public OptionalInt fixedBatch() {
    return fixedBatch;
  }

  @Override
  public Map<String, Tensor> batch(int from, int count) {
    requireBatch(from, count, size(), fixedBatch);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    inputs.forEach((name, input) -> tensors.put(name, input.batch(order, from, count)));
    return tensors;
  }

  @Override
  public String describe(int sample) {
    Objects.checkIndex(sample, size());
    return inputs.values().stream()
        .map(input -> input.samples().place(order.stored(sample)))
        .distinct()
        .limit(MOST_PLACES)
        .collect(joining(" and ", "sample " + sample + ", ", ""));
  }

  @Override
  public List<SampleRange> ranges(int from, int count) {
    return order.part(from, count).ranges(data());
  }

  private String data() {
    ContentHash hash = new ContentHash().number(inputs.size());
    inputs.forEach((name, input) -> input.samples().addTo(hash.text(name)));
    return hash.digits();
  }

  @Override
  public Optional<int[]> labels() {
    return labels.numbers().map(int[]::clone);
  }

  @Override
  public List<String> classNames() {
    return labels.names();
  }

  @Override
  public List<Finding> findings() {
    return labels.findings();
  }

  @Override
  public List<Finding> sampleFindings() {
    return inputs.values().stream().flatMap(input -> input.samples().findings().stream()).toList();
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
