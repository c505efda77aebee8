package dev.octet.kernels.execute;

import dev.octet.kernels.thread.Workers;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs one of two subgraphs.
 *
 * @param then for a condition that is true
 * @param otherwise for one that is false
 */
record IfKernel(Body then, Body otherwise) implements SubgraphKernel {

  @Override
  public void run(
      @Nullable Object[] operands,
      @Nullable Object[] results,
      Workers workers,
      Set<String> observed,
      ValueListener listener) {
    Body chosen = operands[0] instanceof byte[] condition && condition[0] != 0 ? then : otherwise;
    chosen.capture(operands);
    chosen.run(workers, observed, listener);
    for (int i = 0; i < results.length; i++) {
      Iterations.give(chosen.outputs().get(i), results[i], 0);
    }
  }
}
