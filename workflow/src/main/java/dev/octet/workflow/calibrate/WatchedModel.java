package dev.octet.workflow.calibrate;

import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.Cancellation;
import dev.octet.kernels.execute.ValueListener;
import java.util.Map;
import java.util.Set;

/** A float model that is ready to run, and tells of what it computes. */
@FunctionalInterface
interface WatchedModel {

  /**
   * Runs it once.
   *
   * @param inputs one tensor for each input, by name
   * @param observed the values to tell of, those of subgraphs by their paths; of those that cannot
   *     be told nothing is
   * @param listener called on the calling thread, for inputs first, then for results in the order
   *     of the nodes
   */
  void run(
      Map<String, Tensor> inputs,
      Cancellation cancellation,
      Set<String> observed,
      ValueListener listener);
}
