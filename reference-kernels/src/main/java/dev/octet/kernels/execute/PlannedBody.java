package dev.octet.kernels.execute;

import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.TensorArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A subgraph made ready for operands of known types. Immutable.
 *
 * @param prefix what stands before the names of its values
 * @param inputs the names of its own inputs, in order
 * @param captured the values of graphs around it that it reads, by their index behind the node's
 *     own operands
 * @param outputs the names of its outputs, in order
 * @param plan its nodes
 */
record PlannedBody(
    String prefix,
    List<String> inputs,
    Map<Integer, String> captured,
    List<String> outputs,
    Plan plan) {

  /** Returns the types of its outputs, in order. */
  List<ArrayType> outputTypes() {
    return outputs.stream().map(name -> value(plan.outputs(), name).type()).toList();
  }

  /** Returns what one run at a time needs. */
  Body newRun() {
    PlanRun run = plan.newRun();
    Map<Integer, TensorArray> taken = new LinkedHashMap<>();
    captured.forEach((index, name) -> taken.put(index, value(run.inputs(), name)));
    return new Body(
        inputs.stream()
            .map(name -> new Body.Input(prefix + name, value(run.inputs(), name)))
            .toList(),
        taken,
        outputs.stream().map(name -> value(run.outputs(), name)).toList(),
        run);
  }

  private static <T> T value(Map<String, T> values, String name) {
    T value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("value '" + name + "' of a subgraph has no place");
    }
    return value;
  }
}
