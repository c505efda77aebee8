package dev.octet.tck.verdict;

import java.util.Objects;

/**
 * How far a runtime's integers were from those of the rule that it declares for a use of an
 * operator, where it declares that they may differ.
 *
 * @param use the operator and the types of its operands and result, in words
 * @param bound the largest difference that is declared, in steps
 * @param largest the largest difference that was observed, in steps
 * @param differing how many elements differed
 * @param elements how many elements there were
 */
public record Measurement(String use, int bound, long largest, long differing, long elements) {

  /** Checks that nothing is null. */
  public Measurement {
    Objects.requireNonNull(use, "use");
  }

  /** Returns what both observed of the same use. */
  public Measurement and(Measurement other) {
    return new Measurement(
        use,
        bound,
        Math.max(largest, other.largest),
        differing + other.differing,
        elements + other.elements);
  }
}
