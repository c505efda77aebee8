package dev.octet.workflow.check;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.evaluate.OutputErrors;
import dev.octet.workflow.evaluate.OutputFigures;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.run.ModelRun;
import dev.octet.workflow.run.NamedRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the float model gives on a few samples, which are kept with it, so that several models can
 * be compared with it. Not thread-safe.
 */
final class ReferenceRuns {

  private final NamedRuntime runtime;
  private final Execution execution;
  private final OutputErrors nothing;
  private final List<Run> runs = new ArrayList<>();
  private final int samples;

  private record Run(
      int samples,
      Optional<int[]> tokens,
      Map<String, Tensor> inputs,
      Map<String, Tensor> expected) {}

  private ReferenceRuns(
      NamedRuntime runtime, Execution execution, OutputErrors nothing, int samples) {
    this.runtime = runtime;
    this.execution = execution;
    this.nothing = nothing;
    this.samples = samples;
  }

  /** Runs the float model. */
  static ReferenceRuns of(
      NamedRuntime runtime, Model reference, DataSource samples, Execution execution) {
    ReferenceRuns runs =
        new ReferenceRuns(runtime, execution, OutputErrors.of(reference, samples), samples.size());
    Optional<int[]> tokens = samples.tokenCounts();
    try (ExecutableModel model = runtime.loadInFloat(reference, execution)) {
      ModelRun.run(
          model,
          samples,
          samples.fixedBatch().orElseThrow(),
          execution,
          (from, count, inputs, results) ->
              runs.runs.add(
                  new Run(
                      count,
                      tokens.map(counts -> Arrays.copyOfRange(counts, from, from + count)),
                      inputs,
                      results)));
    }
    return runs;
  }

  /** Returns how far the outputs of a model are from those of the float model. */
  List<OutputFigures> compare(Model model) {
    OutputErrors errors = nothing.anew();
    try (ExecutableModel loaded = runtime.loadInFloat(model, execution)) {
      for (Run run : runs) {
        errors.add(
            run.samples,
            run.tokens,
            run.expected,
            loaded.run(run.inputs, execution.cancellation()));
      }
    }
    // The work lasts as long as its last comparison.
    execution.progress().samples(samples, samples);
    return errors.figures();
  }
}
