package dev.octet.kernels.execute;

import dev.octet.api.error.OctetException;
import dev.octet.kernels.array.TensorArray;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph made ready for inputs of known types. Runs share it and each have a {@link PlanRun} of
 * their own. Thread-safe.
 *
 * @param inputs where inputs are copied to, by name
 * @param steps the nodes in order
 * @param outputs where the outputs stand after the last step, by name in the order of the graph
 * @param memory the arrays of a run
 */
record Plan(
    Map<String, Place> inputs,
    List<PlannedStep> steps,
    Map<String, Place> outputs,
    MemoryPlan memory) {

  /**
   * Returns what one run at a time needs.
   *
   * @throws OctetException {@code OCT-GRAPH-007} if there is no memory for it
   */
  PlanRun newRun() {
    Object[] arrays = allocated();
    return new PlanRun(
        in(arrays, inputs),
        steps.stream().map(step -> step.on(arrays)).toList(),
        in(arrays, outputs));
  }

  /** Arrays that do not fit leave the memory as it was, so that this may be told. */
  private Object[] allocated() {
    try {
      return memory.allocate();
    } catch (OutOfMemoryError e) {
      throw steps.stream()
          .max(Comparator.comparingLong(PlannedStep::bytes))
          .map(step -> step.errors().noRoom(step.bytes()))
          .orElseThrow(() -> e);
    }
  }

  private static Map<String, TensorArray> in(Object[] arrays, Map<String, Place> places) {
    Map<String, TensorArray> values = new LinkedHashMap<>();
    places.forEach((name, place) -> values.put(name, place.in(arrays)));
    return values;
  }
}
