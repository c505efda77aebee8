package dev.octet.kernels.execute;

import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.KernelDataException;
import dev.octet.kernels.thread.Workers;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One node of a plan with the arrays that it reads and writes. */
final class Step {

  private final Node node;
  private final @Nullable Kernel kernel;
  private final @Nullable Object[] operands;
  private final @Nullable Object[] results;
  private final List<ArrayType> types;
  private final List<int[]> sizes;
  private final List<String> names;

  /**
   * Makes a step.
   *
   * @param node the node
   * @param prefix what stands before the names of its results in reports
   * @param kernel the prepared kernel; null when nothing is left to do in a run, because the
   *     results are constants or share an operand's array
   * @param operands arrays by operand index; null where left out
   * @param results arrays by result index; null where nobody asked
   * @param types types by result index
   */
  Step(
      Node node,
      String prefix,
      @Nullable Kernel kernel,
      @Nullable Object[] operands,
      @Nullable Object[] results,
      List<ArrayType> types) {
    this.node = node;
    this.kernel = kernel;
    this.operands = operands;
    this.results = results;
    this.types = List.copyOf(types);
    this.sizes = types.stream().map(ArrayType::sizes).toList();
    this.names = node.results().stream().map(name -> prefix + name).toList();
  }

  Node node() {
    return node;
  }

  /** Computes the results and tells a listener of what it observes. */
  void run(Workers workers, Set<String> observed, ValueListener listener) {
    if (kernel != null) {
      run(kernel, workers, observed, listener);
    }
    if (!observed.isEmpty()) {
      report(observed, listener);
    }
  }

  private void run(Kernel present, Workers workers, Set<String> observed, ValueListener listener) {
    try {
      if (present instanceof SubgraphKernel subgraphs) {
        subgraphs.run(operands, results, workers, observed, listener);
      } else {
        present.run(operands, results, workers);
      }
    } catch (KernelDataException e) {
      throw GraphExecutor.badData(node, e);
    }
  }

  /** Tells a listener of the results that it observes. */
  private void report(Set<String> observed, ValueListener listener) {
    for (int i = 0; i < results.length; i++) {
      Object array = results[i];
      String name = names.get(i);
      if (array != null && observed.contains(name)) {
        report(name, types.get(i), array, sizes.get(i), listener);
      }
    }
  }

  /** Tells a listener of one value. */
  static void report(
      String name, ArrayType type, Object array, int[] sizes, ValueListener listener) {
    if (!(array instanceof float[] floats)) {
      throw GraphExecutor.unobservable(name, "is of type " + type);
    }
    listener.value(name, floats, type.count(), sizes);
  }
}
