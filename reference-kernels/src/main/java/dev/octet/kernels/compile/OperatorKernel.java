package dev.octet.kernels.compile;

import java.util.Optional;

/**
 * How the nodes of one operator are executed: what is refused, and how a node is compiled.
 * Stateless and thread-safe.
 *
 * <p>A node is first asked for a refusal, when the model is loaded; shapes are not known then. It
 * is compiled once for a loaded model, whatever sizes, threads and runs it meets. When the sizes of
 * the graph's inputs are known, the shape rule of the operator ({@code
 * dev.octet.kernels.shape.ShapeRule}) gives the types of the results, and the compiled node is
 * bound to them. If every operand is a constant the bound kernel runs once, and its results are
 * constants in turn.
 */
public interface OperatorKernel {

  /**
   * Returns why a node cannot be executed, as the second half of a sentence such as {@code "operand
   * 0 of type STRING is not supported"}; empty when it can.
   */
  Optional<String> refusal(Signature signature);

  /**
   * Tells whether the contents of an operand are needed to bind the node, because sizes of results
   * or the plan of the kernel depend on them: the shape of a Reshape, the axes of a Squeeze. The
   * executor then computes that operand ahead of the run; a graph input that it is computed from
   * becomes part of what a plan is made for.
   */
  default boolean needsContents(Signature signature, int operand) {
    return false;
  }

  /**
   * Tells whether results depend on the sizes of operands and not on their elements, as those of a
   * Shape. Such a node is computed when it is bound, and its results are constants.
   */
  default boolean readsSizesOnly() {
    return false;
  }

  /**
   * Compiles a node: does once what its constants allow without sizes.
   *
   * @throws UnsupportedNodeException if what is known now shows that the node cannot be executed
   */
  CompiledNode compile(Compilation compilation);
}
