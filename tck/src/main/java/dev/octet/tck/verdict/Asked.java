package dev.octet.tck.verdict;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * What was asked for of a run, as far as it says what the run is worth.
 *
 * @param seed what random constants and data depend on, and which cases {@code random} leaves
 * @param random how many cases of each rule ran at most beside those of the boundary list; empty
 *     when all did
 * @param partial whether the run was narrowed to a rule or a case
 * @param exact whether a runtime has to give every integer exactly
 */
public record Asked(long seed, OptionalInt random, boolean partial, boolean exact) {

  /** Checks that nothing is null. */
  public Asked {
    Objects.requireNonNull(random, "random");
  }
}
