package dev.octet.workflow.run;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.RuntimeOptions;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.data.Progress;
import java.util.Objects;

/**
 * The runtime of a backend, by name.
 *
 * @param name the backend's name
 * @param runtime its runtime
 * @param options how models are run
 */
public record NamedRuntime(String name, BackendRuntime runtime, RuntimeOptions options) {

  /** Checks that no component is null. */
  public NamedRuntime {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(runtime, "runtime");
    Objects.requireNonNull(options, "options");
  }

  /**
   * Finds a runtime; models run on all processors.
   *
   * @throws OctetException as {@link QuantizerCatalog#runtime}
   */
  public static NamedRuntime of(QuantizerCatalog backends, String name) {
    int processors = Runtime.getRuntime().availableProcessors();
    return new NamedRuntime(name, backends.runtime(name), new RuntimeOptions(processors));
  }

  /** Returns this runtime with another number of threads that may compute, at least 1. */
  public NamedRuntime threads(int threads) {
    return new NamedRuntime(name, runtime, new RuntimeOptions(threads));
  }

  /** Makes a model ready to run; see {@link BackendRuntime#load} for the errors. */
  public ExecutableModel load(Model model) {
    return runtime.load(model, options);
  }

  /**
   * Runs a model on all samples, batch by batch and in order.
   *
   * @param receiver takes what each batch gives
   * @throws OctetException as {@link BackendRuntime#load}, {@link ExecutableModel#run} and {@link
   *     DataSource#batch}
   */
  public void run(Model model, DataSource data, Progress progress, ModelRun.Receiver receiver) {
    try (ExecutableModel loaded = load(model)) {
      ModelRun.run(loaded, data, ModelRun.batchSize(loaded, data), progress, receiver);
    }
  }
}
