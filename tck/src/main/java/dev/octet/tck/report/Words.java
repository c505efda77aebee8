package dev.octet.tck.report;

import dev.octet.tck.verdict.Conformance;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.Verdict;
import java.util.OptionalInt;

/** Verdicts in the words of people. */
public final class Words {

  private Words() {}

  /** Returns a verdict in words. */
  public static String verdict(Verdict verdict) {
    return switch (verdict) {
      case PASSED -> "passed";
      case FAILED -> "failed";
      case SHOULD_NOT_MET -> "SHOULD not met";
      case NOT_DECLARED -> "not declared (refusal verified)";
      case UNTESTABLE -> "untestable";
      case ERRORED -> "errored";
      case TRUNCATED -> "truncated";
      case EXCLUDED -> "excluded";
      case NOTHING_RAN -> "nothing ran";
    };
  }

  /** Returns what a run proves, in words. */
  public static String conformance(Conformance conformance) {
    return switch (conformance) {
      case CONFORMANT -> "conformant";
      case CONFORMANT_NOT_BIT_EXACT -> "conformant, not bit-exact";
      case PARTIAL -> "partial: what ran passed";
      case NOT_CONFORMANT -> "not conformant";
      case NOT_BIT_EXACT -> "not bit-exact, which was required";
      case TOO_LITTLE_RAN -> "too little ran to tell";
    };
  }

  /** Returns how many cases ran, and how few were asked for. */
  static String cases(TckReport report) {
    OptionalInt random = report.asked().random();
    return report.caseCount()
        + " cases"
        + (random.isPresent()
            ? " (the boundary list and at most " + random.getAsInt() + " others of each rule)"
            : "");
  }
}
