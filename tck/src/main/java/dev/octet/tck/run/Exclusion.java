package dev.octet.tck.run;

/**
 * A rule that the caller leaves out; the report shows it.
 *
 * @param rule the id of the rule
 * @param reason why
 * @param link where it is told at length, an issue for instance
 */
public record Exclusion(String rule, String reason, String link) {

  /** Checks that a reason and a link are given. */
  public Exclusion {
    if (reason.isBlank() || link.isBlank()) {
      throw new IllegalArgumentException(rule + " is left out without a reason or a link");
    }
  }
}
