package dev.octet.api.runtime;

import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import java.util.List;
import java.util.Optional;

/**
 * Executes float, mixed and quantized models. Incubating: it may still change in a minor version.
 * Thread-safe. New abilities arrive as default methods.
 */
public interface BackendRuntime {

  /**
   * Returns the options that {@link #load} understands, in the order in which a page shows them;
   * the same at every call. A runtime that a catalogue hands out refuses others before it loads.
   */
  default List<OptionDescriptor> options() {
    return List.of();
  }

  /**
   * Returns the version of what computes, where that is not the backend's own: what is calibrated
   * on it names it, since another version may compute other bits. May load a native library.
   */
  default Optional<String> version() {
    return Optional.empty();
  }

  /**
   * Returns by which rule, and how exactly, the runtime computes each use of an operator.
   *
   * @param options the options of {@link #load}; none for the defaults
   */
  RuntimeUses uses(Options options);

  /**
   * Makes a model ready to run.
   *
   * @param request the model, the options and the threads
   * @throws dev.octet.api.error.OctetException of kind {@code BACKEND} if the runtime refuses the
   *     model: {@code OCT-GRAPH-001} by {@link NodeRefusals}, which names every node that it does
   *     not run; {@code OCT-RUN-007} if the request is cancelled
   */
  ExecutableModel load(LoadRequest request);
}
