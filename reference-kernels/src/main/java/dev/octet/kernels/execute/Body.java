package dev.octet.kernels.execute;

import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.TensorArray;
import dev.octet.kernels.thread.Workers;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The state of the runs of a subgraph: its plan on arrays of its own. Used by one run at a time.
 *
 * @param inputs its own inputs, in order
 * @param captured the values of graphs around it that it reads, by their index behind the node's
 *     own operands
 * @param outputs its outputs, in order
 * @param run its nodes
 */
record Body(
    List<Input> inputs,
    Map<Integer, TensorArray> captured,
    List<TensorArray> outputs,
    PlanRun run) {

  /**
   * An input of a subgraph.
   *
   * @param path its name outside of the subgraph
   * @param value where its elements go
   */
  record Input(String path, TensorArray value) {}

  /** Takes over what the graphs around it have computed. */
  void capture(Object[] operands) {
    captured.forEach((index, target) -> copy(operands[index], target));
  }

  /** Computes the outputs from the inputs and tells a listener of what it observes. */
  void run(Workers workers, Set<String> observed, ValueListener listener) {
    for (Input input : inputs) {
      if (observed.contains(input.path())) {
        ArrayType type = input.value().type();
        Step.report(input.path(), type, input.value().array(), type.sizes(), listener);
      }
    }
    run.run(workers, observed, listener);
  }

  static void copy(Object from, TensorArray to) {
    System.arraycopy(from, 0, to.array(), 0, to.type().count());
  }
}
