package dev.octet.workflow.calibrate;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.Parallelism;
import dev.octet.kernels.execute.GraphExecutor;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.kernels.thread.HelperThreads;
import dev.octet.kernels.thread.Workers;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.data.SampleRange;
import dev.octet.workflow.data.SampleStream;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.run.ModelRun;
import dev.octet.workflow.run.SampleBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Runs a float model on samples and collects the statistics of observed groups.
 *
 * <p>The result depends on the model, the groups and the multiset of samples alone: not on the
 * number of threads, nor on how samples are batched. Where some observer depends on order, samples
 * run one after the other, in their order, and the result depends on that order too; threads then
 * share the work of each node. Samples are read as they are needed and nothing is kept of them but
 * the statistics, so memory does not grow with their number. Everything about model and groups that
 * can be checked is checked when a calibrator is made. Immutable; several threads may use one
 * calibrator.
 */
public final class Calibrator {

  /** The runtime whose kernels {@link GraphExecutor} runs. */
  private static final String RUNTIME = "cpu";

  private final Model model;
  private final OperatorSet operators;
  private final ObservedGroups groups;
  private final String modelHash;

  private Calibrator(Model model, OperatorSet operators, ObservedGroups groups, String modelHash) {
    this.model = model;
    this.operators = operators;
    this.groups = groups;
    this.modelHash = modelHash;
  }

  /** Returns the name of the runtime that runs the samples. */
  public String runtime() {
    return RUNTIME;
  }

  /**
   * Makes a calibrator.
   *
   * @param model the float model, normalised and transformed as the plan says
   * @param operators the operators that there are
   * @param groups the groups to observe, of one plan or of several; a constant among a group's
   *     values counts as if every sample had it
   * @param observers the kinds of observers
   * @param modelHash the content hash of the user's model, for the calibration
   * @throws OctetException {@code OCT-CAL-001} or {@code OCT-CAL-002} if an observer or parameter
   *     is unknown, {@code OCT-CAL-024} if its value is, {@code OCT-CAL-005} if a granularity
   *     cannot be calibrated, {@code OCT-CAL-006} if a value is no float value of the model, {@code
   *     OCT-GRAPH-001} if nodes cannot be executed
   */
  public static Calibrator of(
      Model model,
      OperatorSet operators,
      List<ObservedGroup> groups,
      Observers observers,
      String modelHash) {
    ObservedGroups checked = ObservedGroups.of(model, groups, observers);
    GraphExecutor.of(model, operators, Parallelism.threads(1)).close();
    return new Calibrator(
        model, operators, checked, Objects.requireNonNull(modelHash, "modelHash"));
  }

  /**
   * Runs the model on all samples.
   *
   * @param data the samples, for the model's inputs
   * @param execution on which threads, who hears of every batch, and what cancels it
   * @return the statistics, in which every group's values were seen
   * @throws OctetException {@code OCT-CAL-003} if a value was never computed; {@code OCT-CAL-022}
   *     if the values of a per-channel group have different numbers of channels; {@code
   *     OCT-CAL-010} if the calling thread was interrupted, whose interrupt status stays set;
   *     {@code OCT-RUN-007} if the execution is cancelled; {@code OCT-CAL-017} if the observer of a
   *     backend fails; as {@link GraphExecutor#run} and {@link DataSource#batch}, for the first
   *     batch that fails
   */
  public Calibration run(DataSource data, Execution execution) {
    if (groups.list().isEmpty()) {
      execution.progress().samples(data.size(), data.size());
      return new Calibration(modelHash, seen(data), List.of());
    }
    Calibration calibration = observe(data, execution);
    calibration.requireAnyReached();
    return calibration;
  }

  /**
   * Runs the model on samples that come one after the other, each set in a run of its own; threads
   * share the work of each node.
   *
   * @throws OctetException as {@link #run(DataSource, Execution)} and {@link SampleStream#read}
   */
  public Calibration run(SampleStream stream, Execution execution) {
    try (GraphExecutor executor = GraphExecutor.of(model, operators, execution.parallelism())) {
      SampleRunner runner = new SampleRunner(executor, groups);
      AtomicLong runs = new AtomicLong();
      int samples =
          stream.read(
              execution,
              (from, count, inputs, labels) -> {
                runs.incrementAndGet();
                stoppable(
                    () -> from,
                    from,
                    () -> {
                      runner.run(
                          SampleBatch.ofStream(from, count, inputs),
                          count,
                          Set.of(),
                          execution.cancellation());
                      return count;
                    });
              });
      Calibration calibration =
          calibration(SeenSamples.unknown(samples), sum(List.of(runner), runs.get()));
      calibration.requireAnyReached();
      return calibration;
    }
  }

  /** Threads take batches of their own, or share the work of each node where samples have order. */
  private Calibration observe(DataSource data, Execution execution) {
    SeenSamples seen = seen(data);
    Parallelism alone = Parallelism.threads(1);
    Parallelism all = execution.parallelism();
    try (HelperThreads helpers = new HelperThreads(groups.orderDependent() ? alone : all);
        GraphExecutor executor =
            GraphExecutor.of(model, operators, groups.orderDependent() ? all : alone)) {
      Workers workers = new Workers(helpers);
      workers.cancelledBy(execution.cancellation());
      BatchPlan batches =
          stoppable(() -> 0, data.size(), () -> batches(data, executor, execution.cancellation()));
      List<SampleRunner> runners = new ArrayList<>();
      for (int i = 0; i < workers.threads(); i++) {
        runners.add(new SampleRunner(executor, groups));
      }
      BatchLoop loop = new BatchLoop(data, batches, execution.progress());
      stoppable(loop::done, data.size(), () -> loop.run(workers, runners));
      return calibration(seen, sum(runners, batches.repetitions(data.size())));
    }
  }

  private Calibration calibration(SeenSamples seen, List<TensorStatistics> statistics) {
    return Calibration.of(modelHash, seen, groups.list(), statistics, groups.observers());
  }

  private boolean oneByOne() {
    return groups.orderDependent() || ModelRun.mayMix(model);
  }

  private BatchPlan batches(DataSource data, GraphExecutor executor, Cancellation cancellation) {
    return BatchPlan.of(data, oneByOne(), () -> new SampleRunner(executor, groups), cancellation);
  }

  private static SeenSamples seen(DataSource data) {
    List<SampleRange> ranges = stoppable(() -> 0, data.size(), data::ranges);
    return SeenSamples.of(ranges, ranges.isEmpty() ? data.size() : 0);
  }

  /** An interrupt also ends what is being read or run, which then fails in its own words. */
  private static <T> T stoppable(IntSupplier done, int total, Supplier<T> step) {
    try {
      return step.get();
    } catch (RuntimeException | Error e) {
      if (Thread.currentThread().isInterrupted()) {
        throw CalibrationErrors.INTERRUPTED
            .error(
                "The calibration was interrupted after %s of %s samples"
                    .formatted(done.getAsInt(), total))
            .cause(e)
            .build();
      }
      throw e;
    }
  }

  private List<TensorStatistics> sum(List<SampleRunner> runners, long repetitions) {
    List<TensorStatistics> sums = new ArrayList<>(groups.constantStatistics(repetitions));
    for (SampleRunner runner : runners) {
      List<TensorStatistics> part = runner.statistics();
      for (int g = 0; g < sums.size(); g++) {
        sums.set(g, sums.get(g).plus(part.get(g)));
      }
    }
    return sums;
  }
}
