package dev.octet.tck.verdict;

import java.util.Objects;
import java.util.Optional;

/**
 * What came of one case.
 *
 * @param kind how it ended
 * @param message what was demanded and what was found, or what went wrong; empty when it passed
 * @param smallest the name of the smallest case of the same kind that fails too; empty when there
 *     is none
 */
public record Outcome(Kind kind, Optional<String> message, Optional<String> smallest) {

  /** How a case ends. */
  public enum Kind {
    /** The rule holds. */
    PASSED,
    /** The rule is broken. */
    FAILED,
    /** The kit or the backend failed otherwise, hung, or ended the process. */
    ERRORED
  }

  /** Checks that what did not pass says why. */
  public Outcome {
    Objects.requireNonNull(kind, "kind");
    if ((kind == Kind.PASSED) == message.isPresent()) {
      throw new IllegalArgumentException("a case that did not pass says why, and no other");
    }
  }

  /** Returns that the rule holds. */
  public static Outcome passed() {
    return new Outcome(Kind.PASSED, Optional.empty(), Optional.empty());
  }

  /** Returns that the rule is broken. */
  public static Outcome failed(String message) {
    return new Outcome(Kind.FAILED, Optional.of(message), Optional.empty());
  }

  /** Returns that something else went wrong. */
  public static Outcome errored(String message) {
    return new Outcome(Kind.ERRORED, Optional.of(message), Optional.empty());
  }

  /** Returns this outcome with the name of the smallest case that ends the same. */
  public Outcome smallest(String name) {
    return new Outcome(kind, message, Optional.of(name));
  }
}
