package dev.octet.api.pattern;

import java.util.Optional;

/**
 * A node in the place of a pattern's step: the node, and what is known of the match so far. Given
 * by whoever matches.
 */
public interface PlacedNode {

  /** Returns the node. */
  NodeView view();

  /**
   * Returns the operand by which the node reads the step that it was found from; -1 for the first
   * step, and for one that was found as the producer of a value.
   */
  int entry();

  /** Returns the node in the place of an earlier step; empty when the step is not there. */
  Optional<NodeView> matched(int step);

  /** Tells whether another match has quantized the value of an operand where it is defined. */
  boolean isQuantized(int operand);

  /** Tells whether the value of an operand is what another match hands on. */
  boolean followsMatch(int operand);
}
