package dev.octet.api.runtime;

import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import java.util.List;
import java.util.Map;

/**
 * A model that is ready to run. Thread-safe: any number of threads may run it at the same time,
 * with inputs of equal or different shapes, and each gets the answer that it would get alone.
 */
public interface ExecutableModel extends AutoCloseable {

  /** Returns the inputs that {@link #run} needs, in the model's order; also of a closed model. */
  List<ValueInfo> inputs();

  /** Returns the outputs that {@link #run} gives, in the model's order; also of a closed model. */
  List<ValueInfo> outputs();

  /**
   * Runs the model once.
   *
   * @throws dev.octet.api.error.OctetException as {@link #run(Map, Cancellation)}
   * @throws IllegalStateException if the model is closed
   */
  default Map<String, Tensor> run(Map<String, Tensor> inputs) {
    return run(inputs, Cancellation.never());
  }

  /**
   * Runs the model once. Where the calling thread is interrupted, the run may end with an error;
   * the thread stays interrupted, and the model as it was.
   *
   * @param inputs one tensor for each input, by name
   * @param cancellation asked at least before the run; a runtime that executes node after node asks
   *     between them
   * @return one tensor for each output, by name, in the model's order; they belong to the caller
   *     and outlive the model
   * @throws dev.octet.api.error.OctetException {@code OCT-RUN-006} if an input is missing, {@code
   *     OCT-RUN-001} if one is unknown, {@code OCT-RUN-002} if its type or shape does not fit,
   *     {@code OCT-RUN-007} if the run is cancelled, which leaves the model as it was
   * @throws IllegalStateException if the model is closed
   */
  Map<String, Tensor> run(Map<String, Tensor> inputs, Cancellation cancellation);

  /**
   * Closes the model: no run begins any more, runs that are under way end as usual, and what the
   * runtime holds is freed when the last of them has ended. It does not wait for them. Closing
   * again does nothing.
   */
  @Override
  void close();
}
