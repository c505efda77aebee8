package dev.octet.tck.verdict;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a run found.
 *
 * @param backend what was tested
 * @param seed what random constants and data depended on
 * @param partial whether the run was narrowed to a rule or a case
 * @param presets what came of the rules under each set of options
 */
public record TckReport(
    TestedBackend backend, long seed, boolean partial, List<PresetReport> presets) {

  /** Copies the list. */
  public TckReport {
    Objects.requireNonNull(backend, "backend");
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
