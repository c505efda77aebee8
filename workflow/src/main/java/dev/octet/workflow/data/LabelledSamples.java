package dev.octet.workflow.data;

import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.Finding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Samples with labels of their own. Closing them closes the samples. */
final class LabelledSamples implements DataSource {

  private final DataSource samples;
  private final int[] labels;

  private LabelledSamples(DataSource samples, int[] labels) {
    this.samples = samples;
    this.labels = labels;
  }

  static DataSource of(DataSource samples, int[] labels) {
    if (labels.length != samples.size()) {
      throw DataErrors.otherLabelCount(Integer.toString(labels.length), samples.size());
    }
    return new LabelledSamples(samples, labels.clone());
  }

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
    return samples.batch(from, count);
  }

  @Override
  public String describe(int sample) {
    return samples.describe(sample);
  }

  @Override
  public List<SampleRange> ranges(int from, int count) {
    return samples.ranges(from, count);
  }

  @Override
  public Optional<int[]> labels() {
    return Optional.of(labels.clone());
  }

  @Override
  public List<Finding> sampleFindings() {
    return samples.sampleFindings();
  }

  @Override
  public Optional<int[]> tokenCounts() {
    return samples.tokenCounts();
  }

  @Override
  public void close() {
    samples.close();
  }
}
