package dev.octet.tck.verdict;

import dev.octet.api.option.Options;
import java.util.List;
import java.util.Objects;

/**
 * What came of every rule under one set of options.
 *
 * @param options what was given beside the backend's defaults
 * @param results the rules in the order of their ids
 * @param measurements what was measured of the runtime; none where every integer has to be equal
 */
public record PresetReport(
    Options options, List<RuleResult> results, List<Measurement> measurements) {

  /** Copies the lists. */
  public PresetReport {
    Objects.requireNonNull(options, "options");
    results = List.copyOf(results);
    measurements = List.copyOf(measurements);
  }
}
