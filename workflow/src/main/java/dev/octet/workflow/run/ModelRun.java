package dev.octet.workflow.run;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.data.SampleStream;
import dev.octet.workflow.execution.Execution;
import java.util.Map;

/** Runs models on all samples of some data, batch by batch. */
public final class ModelRun {

  private static final int MOST_SAMPLES = 32;
  private static final long TARGET_BYTES = 4L << 20;

  /** Fewer are run sooner than it is found out whether they may share a run. */
  private static final int LEAST_SHARED = 4;

  private ModelRun() {}

  /** Takes the outputs of one batch. */
  @FunctionalInterface
  public interface Receiver {

    /**
     * Takes a batch.
     *
     * @param from the first sample
     * @param count how many
     * @param inputs what the model was given, by name
     * @param outputs what it gave, by name
     */
    void batch(int from, int count, Map<String, Tensor> inputs, Map<String, Tensor> outputs);
  }

  /**
   * Runs a model.
   *
   * @param batch number of samples in a run, the last one excepted
   * @param execution who hears of every batch, and what cancels the runs; on which threads the
   *     model runs was said when it was loaded
   * @throws OctetException {@code OCT-RUN-007} if it is cancelled; as {@link ExecutableModel#run}
   *     and {@link DataSource#batch}
   */
  public static void run(
      ExecutableModel model, DataSource data, int batch, Execution execution, Receiver receiver) {
    for (int from = 0; from < data.size(); from += batch) {
      int count = Math.min(batch, data.size() - from);
      SampleBatch samples = SampleBatch.read(data, from, count);
      receiver.batch(from, count, samples.inputs(), run(model, samples, execution));
      execution.progress().samples(from + count, data.size());
    }
  }

  /**
   * Runs a model on samples that come one after the other, each set in a run of its own.
   *
   * @throws OctetException as {@link SampleStream#read} and {@link ExecutableModel#run}
   */
  public static void run(
      ExecutableModel model, SampleStream stream, Execution execution, Receiver receiver) {
    stream.read(
        execution,
        (from, count, inputs, labels) ->
            receiver.batch(
                from,
                count,
                inputs,
                run(model, SampleBatch.ofStream(from, count, inputs), execution)));
  }

  /**
   * Runs a model on some samples.
   *
   * @throws OctetException as {@link ExecutableModel#run}; its place says with which sample
   */
  public static Map<String, Tensor> run(
      ExecutableModel model, SampleBatch samples, Execution execution) {
    return samples.run(
        inputs -> model.run(inputs, execution.cancellation()), execution.cancellation());
  }

  /**
   * Returns how many samples one run takes: as many as the model fixes; else 1 where samples of one
   * run may not give what each gives by itself, which the first two tell, see {@link #mayMix} as
   * well; else as many as fill 4 MiB of inputs, at most 32.
   *
   * @param model the model that was loaded
   * @throws OctetException {@code OCT-RUN-007} if it is cancelled
   */
  public static int batchSize(
      Model model, ExecutableModel loaded, DataSource data, Execution execution) {
    if (data.fixedBatch().isPresent()) {
      return data.fixedBatch().getAsInt();
    }
    if (data.size() < LEAST_SHARED || mayMix(model) || !share(loaded, data, execution)) {
      return 1;
    }
    long bytes = data.batch(0, 1).values().stream().mapToLong(Tensor::byteCount).sum();
    return (int) Math.max(1, Math.min(MOST_SAMPLES, TARGET_BYTES / Math.max(1, bytes)));
  }

  /**
   * Tells whether some samples of a run may get what others decide, though two of them do not show
   * it: what a subgraph computes may depend on the contents of a whole batch. Samples of such a
   * model run one after the other, wherever it is run.
   */
  public static boolean mayMix(Model model) {
    return model.graph().nodes().stream().anyMatch(node -> !node.subgraphs().isEmpty());
  }

  private static boolean share(ExecutableModel model, DataSource data, Execution execution) {
    try {
      return SeparateSamples.share(model, data, execution);
    } catch (OctetException e) {
      execution.cancellation().throwIfCancelled();
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      // A model without a true batch dimension may refuse two samples and still take one.
      return false;
    }
  }
}
