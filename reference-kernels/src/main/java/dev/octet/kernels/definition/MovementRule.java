package dev.octet.kernels.definition;

/**
 * What has to be said of a node that moves or chooses elements for it to do so with integers: its
 * attributes and further operands stay as they are but for that. Stateless and thread-safe.
 */
@FunctionalInterface
public interface MovementRule {

  /** Every node moves integers as it moves floats. */
  MovementRule PLAIN = (node, integers) -> {};

  /**
   * Puts what belongs to the elements of operand 0 in terms of its integers.
   *
   * @param node the node; the scale of its result is that of operand 0
   * @param integers the node on integers
   * @throws StaysFloatException if the node has no meaning on integers
   */
  void apply(FloatNode node, MovedIntegers integers);
}
