package dev.octet.tck.verdict;

import dev.octet.api.option.Options;
import java.util.List;
import java.util.Objects;

/**
 * What came of every rule under one set of options.
 *
 * @param options what was given beside the backend's defaults
 * @param results the rules in the order of their ids
 */
public record PresetReport(Options options, List<RuleResult> results) {

  /** Copies the list. */
  public PresetReport {
    Objects.requireNonNull(options, "options");
    results = List.copyOf(results);
  }
}
