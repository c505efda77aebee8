package dev.octet.kernels.compile;

import dev.octet.kernels.array.ArrayKind;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/**
 * One node, bound to operands of known element types and sizes. It shares what was compiled with
 * the kernels of other sizes and holds nothing that a run changes, so that runs leave no trace and
 * may overlap.
 */
public interface Kernel {

  /**
   * Computes all results.
   *
   * <p>Every array is of the kind of its value's element type ({@link ArrayKind}) and holds the
   * elements in row-major order from index 0. Arrays may be longer than their value; sizes are
   * those that the node was bound to. Result arrays hold leftovers of other values: a kernel writes
   * every element. A result array is never the array of an operand.
   *
   * @param operands arrays by operand index; null where the optional operand is left out, or was
   *     compiled into a form of its own ({@link CompiledNode#reads})
   * @param results arrays by result index; null where nobody asked for the result
   * @param workers the threads; a kernel splits its work over independent output elements only, so
   *     that results have the same bits for any number of threads
   */
  void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers);

  /**
   * Returns the operand whose array is also the array of result 0, because the elements are the
   * same in the same order; -1 when result 0 has an array of its own. {@link #run} is not called
   * for an aliasing kernel.
   */
  default int aliasedOperand() {
    return -1;
  }

  /** Returns the kernel of a node whose result 0 has the elements of an operand. */
  static Kernel alias(int operand) {
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        throw new IllegalStateException("an aliasing kernel is not run");
      }

      @Override
      public int aliasedOperand() {
        return operand;
      }
    };
  }
}
