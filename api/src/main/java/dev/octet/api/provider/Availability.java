package dev.octet.api.provider;

import java.util.Objects;

/** Whether a backend's runtime can work on this machine. */
public sealed interface Availability {

  /** It can. */
  record Available() implements Availability {}

  /**
   * It cannot.
   *
   * @param reason why not
   * @param nextStep what to do about it
   */
  record Unavailable(String reason, String nextStep) implements Availability {
    /** Checks that no component is null. */
    public Unavailable {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(nextStep, "nextStep");
    }
  }
}
