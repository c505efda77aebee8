package dev.octet.workflow.calibrate;

import dev.octet.api.graph.Tensor;
import dev.octet.workflow.data.DataSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Samples in memory for the one input {@code x}. */
public final class ListSource implements DataSource {

  private final float[] elements;
  private final long[] sampleSizes;
  private final int sampleCount;
  private final OptionalInt fixedBatch;
  private final int perSample;

  /** Takes the elements of all samples, one after the other. */
  public ListSource(float[] elements, OptionalInt fixedBatch, long... sampleSizes) {
    this.elements = elements;
    this.sampleSizes = sampleSizes;
    this.perSample = (int) Arrays.stream(sampleSizes).reduce(1, (a, b) -> a * b);
    this.sampleCount = elements.length / perSample;
    this.fixedBatch = fixedBatch;
  }

  /** Returns some of the samples. */
  public ListSource part(int from, int to) {
    float[] part = Arrays.copyOfRange(elements, from * perSample, to * perSample);
    return new ListSource(part, fixedBatch, sampleSizes);
  }

  @Override
  public int size() {
    return sampleCount;
  }

  @Override
  public OptionalInt fixedBatch() {
    return fixedBatch;
  }

  @Override
  public Map<String, Tensor> batch(int from, int count) {
    long[] sizes = new long[sampleSizes.length + 1];
    sizes[0] = count;
    System.arraycopy(sampleSizes, 0, sizes, 1, sampleSizes.length);
    float[] batch = Arrays.copyOfRange(elements, from * perSample, (from + count) * perSample);
    return Map.of("x", Tensor.of(batch, sizes));
  }

  @Override
  public Optional<int[]> labels() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
