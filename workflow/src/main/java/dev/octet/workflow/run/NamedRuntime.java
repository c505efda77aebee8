package dev.octet.workflow.run;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.CustomOperator;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.workflow.boundary.IntegerBoundary;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.data.SampleStream;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.provenance.RuntimeBuild;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The runtime of a backend, by name, with the options that it is given for every model. Immutable.
 */
public final class NamedRuntime {

  private final String name;
  private final BackendRuntime runtime;
  private final Options options;
  private final List<CustomOperator> operators;

  private NamedRuntime(
      String name, BackendRuntime runtime, Options options, List<CustomOperator> operators) {
    this.name = Objects.requireNonNull(name, "name");
    this.runtime = Objects.requireNonNull(runtime, "runtime");
    this.options = Objects.requireNonNull(options, "options");
    this.operators = List.copyOf(operators);
  }

  /** Names a runtime. */
  public static NamedRuntime of(String name, BackendRuntime runtime) {
    return new NamedRuntime(name, runtime, Options.none(), List.of());
  }

  /**
   * Finds a runtime. It is given the operators that backends bring, for models that have them; one
   * that several backends bring is given by none of them, unless the runtime's own does.
   *
   * @throws OctetException as {@link QuantizerCatalog#runtime}
   */
  public static NamedRuntime of(QuantizerCatalog backends, String name) {
    return new NamedRuntime(
        name, backends.runtime(name), Options.none(), BroughtOperators.of(backends, name));
  }

  /** Returns this runtime with options, name by name in the place of those that it had. */
  public NamedRuntime with(Options given) {
    return new NamedRuntime(name, runtime, options.overriddenBy(given), operators);
  }

  /** Returns the operators of backends that models are loaded with. */
  public List<CustomOperator> operators() {
    return operators;
  }

  /** Returns the backend's name. */
  public String name() {
    return name;
  }

  /**
   * Returns what a calibration names as having run its samples: name, version, and every option
   * with its value.
   *
   * @throws OctetException {@code OCT-OPT-001}, {@code OCT-OPT-003} or {@code OCT-OPT-004} for
   *     options that the runtime does not take
   */
  public RuntimeBuild build() {
    SortedMap<String, String> values = new TreeMap<>();
    options
        .resolveForRuntime(name, runtime.options())
        .values()
        .forEach((option, given) -> values.put(option, String.join(",", given)));
    return new RuntimeBuild(name, runtime.version(), values);
  }

  /**
   * Makes a model ready to run. Where an input is integers with a meaning, see {@link
   * IntegerBoundary}, it takes floats as well, and quantizes them.
   *
   * @throws OctetException {@code OCT-TREE-*} as {@link IntegerBoundary#of(Model)}; as {@link
   *     BackendRuntime#load}; {@code OCT-OPT-001}, {@code OCT-OPT-003} or {@code OCT-OPT-004} for
   *     options that the runtime does not take
   */
  public ExecutableModel load(Model model, Execution execution) {
    return load(model, execution, false);
  }

  /**
   * Makes a model ready to run that gives floats, too, where an output is integers with a meaning.
   *
   * @throws OctetException as {@link #load}
   */
  public ExecutableModel loadInFloat(Model model, Execution execution) {
    return load(model, execution, true);
  }

  private ExecutableModel load(Model model, Execution execution, boolean floatOutputs) {
    IntegerBoundary boundary = IntegerBoundary.of(model);
    ExecutableModel loaded =
        runtime.load(
            LoadRequest.of(model)
                .options(options)
                .parallelism(execution.parallelism())
                .cancellation(execution.cancellation())
                .operators(operators)
                .build());
    return boundary.isEmpty() ? loaded : new FloatBoundary(loaded, boundary, floatOutputs);
  }

  /**
   * Runs a model on all samples, batch by batch and in order.
   *
   * @param execution on which threads, who hears of every batch, and what cancels it
   * @param receiver takes what each batch gives, on the calling thread
   * @throws OctetException as {@link BackendRuntime#load} and {@link ModelRun#run}
   */
  public void run(Model model, DataSource data, Execution execution, ModelRun.Receiver receiver) {
    try (ExecutableModel loaded = load(model, execution)) {
      int batch = ModelRun.batchSize(model, loaded, data, execution);
      ModelRun.run(loaded, data, batch, execution, receiver);
    }
  }

  /**
   * Runs a model on samples that come one after the other; nothing is kept of them.
   *
   * @param stream the samples, read once and on the calling thread
   * @param receiver takes what each set gives, on the calling thread
   * @throws OctetException as {@link BackendRuntime#load} and {@link ModelRun#run}
   */
  public void run(
      Model model, SampleStream stream, Execution execution, ModelRun.Receiver receiver) {
    try (ExecutableModel loaded = load(model, execution)) {
      ModelRun.run(loaded, stream, execution, receiver);
    }
  }

  /** Returns which backend it is of. */
  @Override
  public String toString() {
    return "runtime of backend '" + name + "'";
  }
}
