package dev.octet.workflow.run;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.data.SampleStream;
import dev.octet.workflow.execution.Execution;
import java.util.Objects;

/**
 * The runtime of a backend, by name.
 *
 * @param name the backend's name
 * @param runtime its runtime
 */
public record NamedRuntime(String name, BackendRuntime runtime) {

  /** Checks that no component is null. */
  public NamedRuntime {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(runtime, "runtime");
  }

  /**
   * Finds a runtime.
   *
   * @throws OctetException as {@link QuantizerCatalog#runtime}
   */
  public static NamedRuntime of(QuantizerCatalog backends, String name) {
    return new NamedRuntime(name, backends.runtime(name));
  }

  /** Makes a model ready to run; see {@link BackendRuntime#load} for the errors. */
  public ExecutableModel load(Model model, Execution execution) {
    return runtime.load(model, execution.runtime());
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
      ModelRun.run(loaded, data, ModelRun.batchSize(loaded, data, execution), execution, receiver);
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
}
