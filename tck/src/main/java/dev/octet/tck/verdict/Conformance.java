package dev.octet.tck.verdict;

import java.util.stream.Stream;

/** What a run proves of a backend, with the exit code of the command. */
public enum Conformance {
  /** Every MUST is passed, not declared with the refusal verified, or cannot be tested. */
  CONFORMANT(0),
  /** As conformant, by a runtime that declares that its integers may differ. */
  CONFORMANT_NOT_BIT_EXACT(0),
  /** The run was narrowed, and what ran passed. */
  PARTIAL(0),
  /** A MUST is broken, errored or left out. */
  NOT_CONFORMANT(1),
  /** As conformant, by a runtime that declares that its integers may differ and must not. */
  NOT_BIT_EXACT(1),
  /** Nothing ran, or too little to tell. */
  TOO_LITTLE_RAN(4);

  /** The rule that has a case for each composition of a declared capability. */
  private static final String EXERCISED = "TCK-CAP-001";

  private final int exitCode;

  Conformance(int exitCode) {
    this.exitCode = exitCode;
  }

  /** Returns the exit code of the command. */
  public int exitCode() {
    return exitCode;
  }

  /** Tells whether the whole was run and no MUST is in the way. */
  public boolean isProved() {
    return this == CONFORMANT || this == CONFORMANT_NOT_BIT_EXACT;
  }

  static Conformance of(TckReport report) {
    if (report.caseCount() == 0) {
      return TOO_LITTLE_RAN;
    }
    if (report.asked().partial()) {
      return ofPartial(report);
    }
    if (has(report, Verdict.FAILED)
        || has(report, Verdict.ERRORED)
        || has(report, Verdict.EXCLUDED)) {
      return NOT_CONFORMANT;
    }
    if (has(report, Verdict.TRUNCATED) || has(report, Verdict.NOTHING_RAN) || !exercised(report)) {
      return TOO_LITTLE_RAN;
    }
    if (report.presets().stream().allMatch(preset -> preset.measurements().isEmpty())) {
      return CONFORMANT;
    }
    return report.asked().exact() ? NOT_BIT_EXACT : CONFORMANT_NOT_BIT_EXACT;
  }

  private static Conformance ofPartial(TckReport report) {
    if (report.results().anyMatch(result -> !result.troubles().isEmpty())) {
      return NOT_CONFORMANT;
    }
    return has(report, Verdict.TRUNCATED) || has(report, Verdict.NOTHING_RAN)
        ? TOO_LITTLE_RAN
        : PARTIAL;
  }

  private static boolean has(TckReport report, Verdict verdict) {
    return hindering(report).anyMatch(result -> result.verdict() == verdict);
  }

  private static Stream<RuleResult> hindering(TckReport report) {
    return report.results().filter(RuleResult::hinders);
  }

  /** At least one declared capability was tried. */
  private static boolean exercised(TckReport report) {
    return report
        .results()
        .anyMatch(r -> r.rule().id().equals(EXERCISED) && r.verdict() == Verdict.PASSED);
  }
}
