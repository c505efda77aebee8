package dev.octet.kernels.execute;

import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Kernel;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One node of a plan, and where the values stand that it reads and writes.
 *
 * @param node the node
 * @param prefix what stands before the names of its results in reports
 * @param kernel makes its kernel for one run; empty when nothing is left to do in a run, because
 *     the results are constants or share an operand's array
 * @param operands by operand index; empty where left out
 * @param results by result index; empty where nobody asked
 * @param types types by result index
 * @param errors what names the node where it fails
 */
record PlannedStep(
    Node node,
    String prefix,
    Optional<Supplier<? extends Kernel>> kernel,
    List<Optional<Place>> operands,
    List<Optional<Place>> results,
    List<ArrayType> types,
    NodeErrors errors) {

  /** Returns the bytes that its results take. */
  long bytes() {
    return types.stream().mapToLong(ArrayType::bytes).sum();
  }

  /** Returns the step on the arrays of a run. */
  Step on(Object[] arrays) {
    return new Step(
        errors,
        prefix,
        kernel.map(Supplier::get).orElse(null),
        StepArrays.of(operands, arrays),
        StepArrays.of(results, arrays),
        types);
  }
}
