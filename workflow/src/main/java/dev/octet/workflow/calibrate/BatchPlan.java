package dev.octet.workflow.calibrate;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.Cancellation;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.run.SampleBatch;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How many samples go into one run, such that the statistics are those of one sample after the
 * other.
 *
 * @param size number of samples in a run; the last run may have fewer unless the batch is fixed
 * @param once values that a run computes once for the whole batch, such as embeddings of positions;
 *     they count for each of its samples
 * @param fixed whether the model takes no other number of samples
 */
record BatchPlan(int size, Set<String> once, boolean fixed) {

  private static final long TARGET_BYTES = 1 << 20;
  private static final int MOST_SAMPLES = 16;
  private static final BatchPlan SINGLE = new BatchPlan(1, Set.of(), false);

  /**
   * Makes a plan: the model's fixed batch; or 1 where samples must run one after the other; or as
   * many samples as fill 1 MiB of inputs, at most 16, if the first two samples give the same
   * statistics in one run as in two, which they do not where a model has no true batch dimension or
   * mixes the samples of a batch; or else 1.
   *
   * @param ordered whether the samples must run one after the other
   * @param runners makes a new runner with observers that saw nothing
   * @throws OctetException {@code OCT-RUN-007} if it is cancelled
   */
  static BatchPlan of(
      DataSource data, boolean ordered, Supplier<SampleRunner> runners, Cancellation cancellation) {
    if (data.fixedBatch().isPresent()) {
      return new BatchPlan(data.fixedBatch().getAsInt(), Set.of(), true);
    }
    if (ordered || data.size() < 2) {
      return SINGLE;
    }
    Map<String, Tensor> first = data.batch(0, 1);
    long bytes = first.values().stream().mapToLong(Tensor::byteCount).sum();
    int size = (int) Math.max(1, Math.min(MOST_SAMPLES, TARGET_BYTES / Math.max(1, bytes)));
    return size == 1
        ? SINGLE
        : once(data, runners, cancellation).map(o -> new BatchPlan(size, o, false)).orElse(SINGLE);
  }

  /** Returns the number of times that something counts which every run has once. */
  long repetitions(int samples) {
    return fixed ? samples / size : samples;
  }

  /** Returns the values that a batch computes once; empty when batches are not possible. */
  private static Optional<Set<String>> once(
      DataSource data, Supplier<SampleRunner> runners, Cancellation cancellation) {
    SampleRunner single = runners.get();
    single.run(SampleBatch.read(data, 0, 1), 1, Set.of(), cancellation);
    single.run(SampleBatch.read(data, 1, 1), 1, Set.of(), cancellation);
    List<TensorStatistics> apart = single.statistics();
    try {
      List<TensorStatistics> together = pair(data, runners, Set.of(), cancellation);
      Set<String> once = computedOnce(apart, together);
      List<TensorStatistics> counted =
          once.isEmpty() ? together : pair(data, runners, once, cancellation);
      return counted.equals(apart) ? Optional.of(once) : Optional.empty();
    } catch (OctetException e) {
      if (Thread.currentThread().isInterrupted() || cancellation.isCancelled()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static List<TensorStatistics> pair(
      DataSource data,
      Supplier<SampleRunner> runners,
      Set<String> once,
      Cancellation cancellation) {
    SampleRunner runner = runners.get();
    runner.run(data.batch(0, 2), 2, once, cancellation);
    return runner.statistics();
  }

  private static Set<String> computedOnce(
      List<TensorStatistics> apart, List<TensorStatistics> together) {
    Set<String> once = new HashSet<>();
    for (int g = 0; g < apart.size(); g++) {
      List<String> values = apart.get(g).tensors().values();
      for (int i = 0; i < values.size(); i++) {
        if (apart.get(g).elements().get(i) == 2 * together.get(g).elements().get(i)) {
          once.add(values.get(i));
        }
      }
    }
    return once;
  }
}
