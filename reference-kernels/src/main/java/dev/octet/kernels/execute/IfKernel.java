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

  /** Returns the kernel of a node whose condition was known before. */
  static IfKernel always(Body chosen) {
    return new IfKernel(chosen, chosen);
  }

  /** Tells whether the array of a condition says true. */
  static boolean isTrue(@Nullable Object condition) {
    return condition instanceof byte[] elements && elements[0] != 0;
  }

  @Override
  public void run(
      @Nullable Object[] operands,
      @Nullable Object[] results,
      Workers workers,
      Set<String> observed,
      ValueListener listener) {
    Body chosen = isTrue(operands[0]) ? then : otherwise;
    chosen.capture(operands);
    chosen.run(workers, observed, listener);
    for (int i = 0; i < results.length; i++) {
      Iterations.give(chosen.outputs().get(i), results[i], 0);
    }
  }
}
