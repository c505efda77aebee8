package dev.octet.workflow.check;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.evaluate.ActivationRange;
import dev.octet.workflow.evaluate.ActivationRanges;
import dev.octet.workflow.evaluate.OutputErrors;
import dev.octet.workflow.evaluate.OutputFigures;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.run.ModelRun;
import dev.octet.workflow.run.NamedRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
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
  private final ActivationRanges ranges;

  private record Run(
      int samples,
      Optional<int[]> tokens,
      Map<String, Tensor> inputs,
      Map<String, Tensor> expected) {}

  private ReferenceRuns(
      NamedRuntime runtime,
      Execution execution,
      OutputErrors nothing,
      int samples,
      ActivationRanges ranges) {
    this.runtime = runtime;
    this.execution = execution;
    this.nothing = nothing;
    this.samples = samples;
    this.ranges = ranges;
  }

  /**
   * Runs the float model.
   *
   * @param quantized the model whose ranges the values inside of the float model are held to
   */
  static ReferenceRuns of(
      NamedRuntime runtime,
      Model reference,
      Model quantized,
      DataSource samples,
      Execution execution) {
    OutputErrors nothing = OutputErrors.of(reference, samples);
    ActivationRanges ranges = ActivationRanges.between(reference, quantized, true);
    ReferenceRuns runs = new ReferenceRuns(runtime, execution, nothing, samples.size(), ranges);
    Optional<int[]> tokens = samples.tokenCounts();
    try (ExecutableModel model = runtime.loadInFloat(ranges.watchedIn(reference), execution)) {
      ModelRun.run(
          model,
          samples,
          samples.fixedBatch().orElseThrow(),
          execution,
          (from, count, inputs, results) -> {
            ranges.add(results);
            runs.runs.add(
                new Run(
                    count,
                    tokens.map(counts -> Arrays.copyOfRange(counts, from, from + count)),
                    inputs,
                    outputs(reference, results)));
          });
    }
    return runs;
  }

  /** The values inside are not kept. */
  private static Map<String, Tensor> outputs(Model reference, Map<String, Tensor> results) {
    Map<String, Tensor> outputs = new LinkedHashMap<>(results);
    outputs.keySet().retainAll(reference.graph().outputs().stream().map(ValueInfo::name).toList());
    return outputs;
  }

  /** Returns how the values inside of the float model fit the ranges of the quantized one. */
  List<ActivationRange> ranges() {
    return ranges.list();
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
