package dev.octet.api.runtime;

/** How near a runtime's integer results are to the reference arithmetic. */
public sealed interface Exactness {

  /** Every integer is equal. */
  record Exact() implements Exactness {}

  /**
   * Integers may differ.
   *
   * @param steps the largest difference, in steps of the output's integer type, at least 1
   */
  record Bounded(int steps) implements Exactness {
    /** Checks the number of steps. */
    public Bounded {
      if (steps < 1) {
        throw new IllegalArgumentException("bound " + steps + " is below 1");
      }
    }
  }

  /** The runtime does not execute the operator on integers. */
  record Unsupported() implements Exactness {}
}
