package dev.octet.kernels.compile;

/**
 * One node of a loaded model, made ready as far as that goes without sizes: packed weights,
 * multipliers, tables. Immutable; all plans and threads that run the model share it.
 */
@FunctionalInterface
public interface CompiledNode {

  /**
   * Makes the node ready for operands of some sizes.
   *
   * @param preparation what is known of the sizes
   * @return a kernel that shares what was compiled
   * @throws UnsupportedNodeException if the sizes show that the node cannot be executed
   */
  Kernel bind(Preparation preparation);

  /**
   * Tells whether runs, or {@link #bind}, read the contents of an operand that was a constant of
   * the model when the node was compiled. One that the node keeps in a form of its own is given as
   * null to {@link Kernel#run}; no array is made of it, and its contents are released when no other
   * node reads them.
   */
  default boolean reads(int operand) {
    return true;
  }
}
