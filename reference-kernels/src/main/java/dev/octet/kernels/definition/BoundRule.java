package dev.octet.kernels.definition;

import java.util.Optional;

/**
 * What an operator on floats that bounds its operand bounds it by: its result is {@code min(max(x,
 * low), high)}. Stateless and thread-safe.
 */
@FunctionalInterface
public interface BoundRule {

  /**
   * Returns the bounds of a node.
   *
   * @throws StaysFloatException if they are not constant
   */
  Bounds bounds(FloatNode node);

  /**
   * Bounds of a value.
   *
   * @param low the smallest value; empty when there is none
   * @param high the largest value; empty when there is none
   */
  record Bounds(Optional<Float> low, Optional<Float> high) {

    /** Returns a bound below alone. */
    public static Bounds atLeast(float low) {
      return new Bounds(Optional.of(low), Optional.empty());
    }
  }
}
