package dev.octet.workflow.calibrate;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.data.SampleStream;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.provenance.RuntimeBuild;
import dev.octet.workflow.run.NamedRuntime;
import dev.octet.workflow.run.SampleBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs a float model on the runtime of a backend, which tells of outputs alone: pass by pass over
 * all samples, see {@link PassPlan}. Samples run one after the other, unless the model fixes how
 * many run together: other runtimes do not promise that a sample gives the same bits beside others.
 */
final class RuntimeRuns implements FloatRuns {

  private final Model model;
  private final OperatorSet operators;
  private final ObservedGroups groups;
  private final NamedRuntime runtime;
  private final RuntimeBuild build;
  private final long mostBytes;

  /**
   * Makes it ready.
   *
   * @param operators the operators of which shapes are known
   * @param mostBytes what the observed values of one run may take, see {@link PassPlan}
   */
  RuntimeRuns(
      Model model,
      OperatorSet operators,
      ObservedGroups groups,
      NamedRuntime runtime,
      long mostBytes) {
    this.model = model;
    this.operators = operators;
    this.groups = groups;
    this.runtime = runtime;
    this.build = runtime.build();
    this.mostBytes = mostBytes;
  }

  @Override
  public RuntimeBuild runtime() {
    return build;
  }

  @Override
  public List<TensorStatistics> over(DataSource data, Execution execution) {
    int size = data.fixedBatch().orElse(1);
    List<PassPlan.Pass> passes =
        Interruptible.run(() -> 0, data.size(), () -> passes(data.batch(0, size)));
    List<TensorStatistics> seen = new ArrayList<>();
    for (int index = 0; index < passes.size(); index++) {
      seen.addAll(new OnePass(data, passes.get(index), index, passes.size()).over(execution));
    }
    return sum(seen, data.size() / size);
  }

  private List<PassPlan.Pass> passes(Map<String, Tensor> first) {
    return PassPlan.passes(model, operators, groups.tensors(), first, mostBytes);
  }

  /** A pass over data, and how many passes there are. */
  private final class OnePass {
    private final DataSource data;
    private final PassPlan.Pass pass;
    private final int index;
    private final int passes;

    OnePass(DataSource data, PassPlan.Pass pass, int index, int passes) {
      this.data = data;
      this.pass = pass;
      this.index = index;
      this.passes = passes;
    }

    List<TensorStatistics> over(Execution execution) {
      AtomicInteger done = new AtomicInteger(finished(0));
      return Interruptible.run(done::get, data.size(), () -> over(execution, done));
    }

    private List<TensorStatistics> over(Execution execution, AtomicInteger done) {
      try (RuntimePass loaded = RuntimePass.load(runtime, model, pass.results(), execution)) {
        SampleRunner runner = new SampleRunner(loaded, groups, pass.tensors());
        int size = data.fixedBatch().orElse(1);
        for (int from = 0; from < data.size(); from += size) {
          execution.cancellation().throwIfCancelled();
          runner.run(SampleBatch.read(data, from, size), size, execution.cancellation());
          done.set(finished(from + size));
          execution.progress().samples(done.get(), data.size());
        }
        return runner.statistics();
      }
    }

    /** Samples count as done when all passes have run them. */
    private int finished(int samples) {
      return (int) (((long) index * data.size() + samples) / passes);
    }
  }

  /** A stream is read once, so that all passes are loaded at the same time. */
  @Override
  public Streamed over(SampleStream stream, Execution execution) {
    List<RuntimePass> loaded = new ArrayList<>();
    List<SampleRunner> runners = new ArrayList<>();
    AtomicLong runs = new AtomicLong();
    try {
      int samples =
          stream.read(
              execution,
              (from, count, inputs, labels) -> {
                runs.incrementAndGet();
                Interruptible.run(
                    () -> from,
                    from,
                    () -> {
                      if (runners.isEmpty()) {
                        open(inputs, loaded, runners, execution);
                      }
                      SampleBatch batch = SampleBatch.ofStream(from, count, inputs);
                      runners.forEach(r -> r.run(batch, count, execution.cancellation()));
                      return count;
                    });
              });
      List<TensorStatistics> seen =
          runners.stream().flatMap(runner -> runner.statistics().stream()).toList();
      return new Streamed(samples, sum(seen, runs.get()));
    } finally {
      loaded.forEach(RuntimePass::close);
    }
  }

  private void open(
      Map<String, Tensor> first,
      List<RuntimePass> loaded,
      List<SampleRunner> runners,
      Execution execution) {
    for (PassPlan.Pass pass : passes(first)) {
      loaded.add(RuntimePass.load(runtime, model, pass.results(), execution));
      runners.add(new SampleRunner(loaded.get(loaded.size() - 1), groups, pass.tensors()));
    }
  }

  /** Adds what was seen of constants, and brings all into the order of the tensors. */
  private List<TensorStatistics> sum(List<TensorStatistics> seen, long runs) {
    Map<ObservedTensors, TensorStatistics> known = new HashMap<>();
    groups.constantStatistics(runs).forEach(part -> known.put(part.tensors(), part));
    seen.forEach(part -> known.merge(part.tensors(), part, TensorStatistics::plus));
    groups.requireSameChannels(known);
    return groups.tensors().stream().map(tensors -> known.get(tensors)).toList();
  }
}
