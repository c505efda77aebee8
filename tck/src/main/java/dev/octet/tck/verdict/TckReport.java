package dev.octet.tck.verdict;

import dev.octet.api.error.OctetException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a run found.
 *
 * @param backend what was tested
 * @param asked what was asked for
 * @param presets what came of the rules under each set of options
 */
public record TckReport(TestedBackend backend, Asked asked, List<PresetReport> presets) {

  /** Copies the list. */
  public TckReport {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(asked, "asked");
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

  /**
   * Returns why the run is no proof although no case of a MUST failed or errored: {@code
   * OCT-TCK-002} if no case ran, {@code OCT-TCK-008} if not every case ran, {@code OCT-TCK-009} if
   * the kit cannot tell right from wrong, {@code OCT-TCK-010} if no capability was tried, {@code
   * OCT-TCK-011} if a MUST was left out, {@code OCT-TCK-012} if integers differ that have to be
   * exact. Empty when it is a proof, is as narrow as it was asked for, or broke a rule.
   */
  public Optional<OctetException> shortfall() {
    return Shortfall.of(this);
  }
}
