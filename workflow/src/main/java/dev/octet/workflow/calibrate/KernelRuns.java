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
import dev.octet.workflow.data.SampleStream;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.provenance.RuntimeBuild;
import dev.octet.workflow.run.ModelRun;
import dev.octet.workflow.run.SampleBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Runs a float model on Octet's own kernels, which tell of every value as it is computed. */
final class KernelRuns implements FloatRuns {

  private final Model model;
  private final OperatorSet operators;
  private final ObservedGroups groups;

  private KernelRuns(Model model, OperatorSet operators, ObservedGroups groups) {
    this.model = model;
    this.operators = operators;
    this.groups = groups;
  }

  /**
   * Makes it ready.
   *
   * @throws OctetException {@code OCT-GRAPH-001} if nodes cannot be executed
   */
  static KernelRuns of(Model model, OperatorSet operators, ObservedGroups groups) {
    GraphExecutor.of(model, operators, Parallelism.threads(1)).close();
    return new KernelRuns(model, operators, groups);
  }

  @Override
  public RuntimeBuild runtime() {
    return RuntimeBuild.octets();
  }

  /** Threads take batches of their own, or share the work of each node where samples have order. */
  @Override
  public List<TensorStatistics> over(DataSource data, Execution execution) {
    Parallelism alone = Parallelism.threads(1);
    Parallelism all = execution.parallelism();
    try (HelperThreads helpers = new HelperThreads(groups.orderDependent() ? alone : all);
        GraphExecutor executor =
            GraphExecutor.of(model, operators, groups.orderDependent() ? all : alone)) {
      Workers workers = new Workers(helpers);
      workers.cancelledBy(execution.cancellation());
      BatchPlan batches =
          Interruptible.run(
              () -> 0, data.size(), () -> batches(data, executor, execution.cancellation()));
      List<SampleRunner> runners = new ArrayList<>();
      for (int i = 0; i < workers.threads(); i++) {
        runners.add(runner(executor));
      }
      BatchLoop loop = new BatchLoop(data, batches, execution.progress());
      Interruptible.run(loop::done, data.size(), () -> loop.run(workers, runners));
      return sum(runners, batches.repetitions(data.size()));
    }
  }

  @Override
  public Streamed over(SampleStream stream, Execution execution) {
    try (GraphExecutor executor = GraphExecutor.of(model, operators, execution.parallelism())) {
      SampleRunner runner = runner(executor);
      AtomicLong runs = new AtomicLong();
      int samples =
          stream.read(
              execution,
              (from, count, inputs, labels) -> {
                runs.incrementAndGet();
                SampleBatch batch = SampleBatch.ofStream(from, count, inputs);
                Interruptible.run(
                    () -> from, from, () -> runner.run(batch, count, execution.cancellation()));
              });
      return new Streamed(samples, sum(List.of(runner), runs.get()));
    }
  }

  private SampleRunner runner(GraphExecutor executor) {
    return new SampleRunner(executor::run, groups);
  }

  private boolean oneByOne() {
    return groups.orderDependent() || ModelRun.mayMix(model);
  }

  private BatchPlan batches(DataSource data, GraphExecutor executor, Cancellation cancellation) {
    return BatchPlan.of(data, oneByOne(), () -> runner(executor), cancellation);
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
