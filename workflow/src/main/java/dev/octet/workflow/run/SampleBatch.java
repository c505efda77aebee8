package dev.octet.workflow.run;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.Cancellation;
import dev.octet.workflow.data.DataSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The samples of one run of a model; what fails on them says with which of them. Thread-safe as far
 * as the data is.
 */
public final class SampleBatch {

  private final Optional<DataSource> data;
  private final int from;
  private final int count;
  private final Map<String, Tensor> inputs;

  private SampleBatch(Optional<DataSource> data, int from, int count, Map<String, Tensor> inputs) {
    this.data = data;
    this.from = from;
    this.count = count;
    this.inputs = Objects.requireNonNull(inputs, "inputs");
  }

  /**
   * Reads some neighbouring samples.
   *
   * @throws OctetException as {@link DataSource#batch}
   */
  public static SampleBatch read(DataSource data, int from, int count) {
    return of(data, from, count, data.batch(from, count));
  }

  /**
   * Takes samples that have been read.
   *
   * @param inputs what {@link DataSource#batch} gave
   */
  public static SampleBatch of(DataSource data, int from, int count, Map<String, Tensor> inputs) {
    return new SampleBatch(Optional.of(data), from, count, inputs);
  }

  /**
   * Takes a set of samples that came one after the other and cannot be read again.
   *
   * @param from how many samples came before
   * @param count how many samples the set has
   */
  public static SampleBatch ofStream(int from, int count, Map<String, Tensor> inputs) {
    return new SampleBatch(Optional.empty(), from, count, inputs);
  }

  /** Returns the inputs of the run, by name. */
  public Map<String, Tensor> inputs() {
    return inputs;
  }

  /**
   * Takes a step with these samples. Where it fails with several that it could have one at a time,
   * it is taken again with each of them, to find the first that it fails with.
   *
   * @param step what is done; takes the inputs of a run
   * @param cancellation what ends the step, by an error that is not of the samples
   * @throws OctetException what the step throws; its place says with which sample
   */
  public <T> T run(Function<Map<String, Tensor>, T> step, Cancellation cancellation) {
    try {
      return step.apply(inputs);
    } catch (OctetException e) {
      throw isEnded(cancellation) ? e : located(e, step, cancellation);
    }
  }

  private static boolean isEnded(Cancellation cancellation) {
    return cancellation.isCancelled() || Thread.currentThread().isInterrupted();
  }

  private OctetException located(
      OctetException e, Function<Map<String, Tensor>, ?> step, Cancellation cancellation) {
    boolean divisible = count > 1 && data.filter(d -> d.fixedBatch().isEmpty()).isPresent();
    for (int i = from; divisible && i < from + count && !isEnded(cancellation); i++) {
      Optional<OctetException> alone = failure(data.orElseThrow(), i, step);
      if (alone.filter(same -> same.id().equals(e.id())).isPresent()) {
        return at(alone.get(), name(i));
      }
    }
    return at(e, count == 1 ? name(from) : "samples " + from + " to " + (from + count - 1));
  }

  private static Optional<OctetException> failure(
      DataSource data, int sample, Function<Map<String, Tensor>, ?> step) {
    try {
      Object unused = step.apply(data.batch(sample, 1));
      return Optional.empty();
    } catch (OctetException e) {
      return Optional.of(e);
    }
  }

  private String name(int sample) {
    return data.map(d -> d.describe(sample)).orElse("sample " + sample);
  }

  private static OctetException at(OctetException e, String sample) {
    return e.at(e.place().map(place -> place + "; " + sample).orElse(sample));
  }
}
