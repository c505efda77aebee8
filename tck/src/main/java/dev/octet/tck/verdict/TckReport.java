package dev.octet.tck.verdict;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a run found.
 *
 * @param provider the name of the backend
 * @param seed what random constants and data depended on
 * @param partial whether the run was narrowed to a rule or a case
 * @param presets what came of the rules under each set of options
 */
public record TckReport(String provider, long seed, boolean partial, List<PresetReport> presets) {

  /** Copies the list. */
  public TckReport {
    Objects.requireNonNull(provider, "provider");
    presets = List.copyOf(presets);
  }

  /** Returns the results of all presets. */
  public Stream<RuleResult> results() {
    return presets.stream().flatMap(preset -> preset.results().stream());
  }

  /** Returns how many cases ran. */
  public long caseCount() {
    return results().mapToLong(result -> result.cases().size()).sum();
  }

  /** Returns what the run proves. */
  public Conformance conformance() {
    return Conformance.of(this);
  }
}
