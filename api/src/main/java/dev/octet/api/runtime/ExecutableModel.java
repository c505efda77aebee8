package dev.octet.api.runtime;

import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import java.util.List;
import java.util.Map;

/** A model that is ready to run. One thread uses it at a time. */
public interface ExecutableModel extends AutoCloseable {

  /** Returns the inputs that {@link #run} needs, in the model's order. */
  List<ValueInfo> inputs();

  /** Returns the outputs that {@link #run} gives, in the model's order. */
  List<ValueInfo> outputs();

  /**
   * Runs the model once.
   *
   * @param inputs one tensor for each input, by name
   * @return one tensor for each output, by name, in the model's order
   * @throws dev.octet.api.error.OctetException {@code OCT-RUN-001} if an input is missing or
   *     unknown, {@code OCT-RUN-002} if its type or shape does not fit
   */
  Map<String, Tensor> run(Map<String, Tensor> inputs);

  /** Frees what the runtime holds; the model cannot be run afterwards. */
  @Override
  void close();
}
