package dev.octet.kernels.execute;

import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.thread.Workers;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A node that runs subgraphs, on arrays of its own: other than other kernels, it belongs to one run
 * at a time. Behind the node's own operands stand the values of the graphs around that the
 * subgraphs read.
 */
interface SubgraphKernel extends Kernel {

  /** Computes all results and tells a listener of the observed values of the subgraphs. */
  void run(
      @Nullable Object[] operands,
      @Nullable Object[] results,
      Workers workers,
      Set<String> observed,
      ValueListener listener);

  @Override
  default void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    run(operands, results, workers, Set.of(), (name, data, count, sizes) -> {});
  }
}
