package dev.octet.tck.verdict;

import java.util.Objects;

/**
 * A case and what came of it.
 *
 * @param name the case's name, unique within its rule
 * @param outcome what came of it
 */
public record CaseResult(String name, Outcome outcome) {

  /** Checks that nothing is null. */
  public CaseResult {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(outcome, "outcome");
  }
}
