package dev.octet.kernels.exact;

import java.util.function.IntFunction;

/**
 * The exact elements of the results of one operator. Stateless and thread-safe.
 *
 * <p>A rule uses unbounded arithmetic and the operands alone: no kernel, no shape rule, nothing of
 * the executor.
 */
@FunctionalInterface
public interface ExactRule {

  /**
   * Returns the element at each index of a result in row-major order; each call computes it anew.
   *
   * @throws IllegalArgumentException if an operand is left out, is not given, or has no exact
   *     meaning, such as an infinity where there is a sum of all elements
   */
  IntFunction<ExactElement> elements(ExactOperands operands);
}
