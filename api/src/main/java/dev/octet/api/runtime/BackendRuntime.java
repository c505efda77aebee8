package dev.octet.api.runtime;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.OpType;

/** Executes float, mixed and quantized models. Thread-safe. */
public interface BackendRuntime {

  /** Returns how accumulators become integers of the output type. */
  RequantizationProfile requantization();

  /** Tells how near the integer results of an operator are to the reference arithmetic. */
  Exactness exactness(OpType op);

  /**
   * Makes a model ready to run.
   *
   * @param model a float or converted model
   * @param options on which threads
   * @throws dev.octet.api.error.OctetException of kind {@code BACKEND} if the runtime refuses the
   *     model; it names every operator that it does not run
   */
  ExecutableModel load(Model model, RuntimeOptions options);
}
