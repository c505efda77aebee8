package dev.octet.kernels.execute;

import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.KernelDataException;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.thread.Workers;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One node of a plan with the arrays that it reads and writes. */
final class Step {

  private final NodeErrors errors;
  private final @Nullable Kernel kernel;
  private final StepArrays operands;
  private final StepArrays results;
  private final List<ArrayType> types;
  private final List<int[]> sizes;
  private final List<String> names;

  /**
   * Makes a step.
   *
   * @param errors what names the node where it fails
   * @param prefix what stands before the names of its results in reports
   * @param kernel the prepared kernel; null when nothing is left to do in a run, because the
   *     results are constants or share an operand's array
   * @param operands arrays by operand index; none where left out
   * @param results arrays by result index; none where nobody asked
   * @param types types by result index
   */
  Step(
      NodeErrors errors,
      String prefix,
      @Nullable Kernel kernel,
      StepArrays operands,
      StepArrays results,
      List<ArrayType> types) {
    this.errors = errors;
    this.kernel = kernel;
    this.operands = operands;
    this.results = results;
    this.types = List.copyOf(types);
    this.sizes = types.stream().map(ArrayType::sizes).toList();
    this.names = errors.node().results().stream().map(name -> prefix + name).toList();
  }

  Node node() {
    return errors.node();
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
        subgraphs.run(operands.all(), results.all(), workers, observed, listener);
      } else {
        computed(present, workers);
      }
    } catch (KernelDataException e) {
      throw GraphExecutor.badData(errors.node(), e);
    } catch (UnsupportedNodeException e) {
      throw errors.mismatch(e.reason());
    }
  }

  /** The nodes of a subgraph name themselves, and a listener's faults are its own. */
  private void computed(Kernel present, Workers workers) {
    errors.guard(
        () -> {
          present.run(operands.all(), results.all(), workers);
          return true;
        });
  }

  /** Tells a listener of the results that it observes. */
  private void report(Set<String> observed, ValueListener listener) {
    for (int i = 0; i < results.count(); i++) {
      String name = names.get(i);
      Object array = observed.contains(name) ? results.get(i) : null;
      if (array != null) {
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
