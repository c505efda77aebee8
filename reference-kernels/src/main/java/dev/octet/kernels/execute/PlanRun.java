package dev.octet.kernels.execute;

import dev.octet.kernels.array.TensorArray;
import dev.octet.kernels.thread.Workers;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The state of a run: a plan on arrays of its own. Used by one run at a time, again and again.
 *
 * @param inputs arrays that inputs are copied to, by name
 * @param steps the nodes in order
 * @param outputs where the outputs stand after the last step, by name in the order of the graph
 */
record PlanRun(
    Map<String, TensorArray> inputs, List<Step> steps, Map<String, TensorArray> outputs) {

  /** Computes the outputs from the inputs and tells a listener of the results that it observes. */
  void run(Workers workers, Set<String> observed, ValueListener listener) {
    // A plan that only renames values has no step.
    workers.requireWanted();
    for (Step step : steps) {
      workers.requireWanted();
      step.run(workers, observed, listener);
    }
  }
}
