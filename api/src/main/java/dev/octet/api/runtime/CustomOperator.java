package dev.octet.api.runtime;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * An operator of a backend's own domain, with what the reference executor needs to run float models
 * that have it: a shape rule and a kernel. With it such a model plans with types, calibrates, and
 * runs on {@code cpu}. Incubating: it may still change in a minor version.
 *
 * <p>Thread-safe: methods are called by several threads at the same time. Results depend on the
 * arguments alone, bit for bit, since calibration must give the same on every machine; {@code
 * StrictMath} in the place of {@code Math} is what that takes.
 */
public interface CustomOperator {

  /**
   * Returns the operator; the same at every call. Its domain is the vendor's: not that of ONNX,
   * {@code com.microsoft} or {@code dev.octet}.
   */
  OpType op();

  /** Returns why a node cannot be run, as the second half of a sentence; empty when it can. */
  default Optional<String> refusal(Node node) {
    return Optional.empty();
  }

  /**
   * Returns the types of the results, one for each.
   *
   * @param node the node
   * @param operands the types of its operands by index; empty where the operand is left out. A
   *     dimension may be a symbol; where all are known, those of the results are
   */
  List<TensorType> results(Node node, List<Optional<TensorType>> operands);

  /**
   * Computes the results, of the types that {@link #results} gives.
   *
   * @param node the node
   * @param operands the operands by index; empty where the operand is left out
   */
  List<Tensor> compute(Node node, List<Optional<Tensor>> operands);
}
