package dev.octet.tck.verdict;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.OctetException;
import java.util.List;
import java.util.Optional;

/** Why a run in which no MUST is broken is no proof all the same. */
final class Shortfall {

  private Shortfall() {}

  static Optional<OctetException> of(TckReport report) {
    return switch (report.conformance()) {
      case CONFORMANT, CONFORMANT_NOT_BIT_EXACT, PARTIAL -> Optional.empty();
      case NOT_BIT_EXACT ->
          error(report, VerdictErrors.NOT_EXACT, "the runtime declares bounds, not exact integers");
      case NOT_CONFORMANT -> leftOut(report);
      case TOO_LITTLE_RAN -> Optional.of(tooLittle(report));
    };
  }

  private static Optional<OctetException> leftOut(TckReport report) {
    boolean broken =
        report
            .results()
            .filter(RuleResult::hinders)
            .anyMatch(result -> !result.troubles().isEmpty());
    List<String> excluded = rules(report, Verdict.EXCLUDED);
    return broken || excluded.isEmpty()
        ? Optional.empty()
        : error(report, VerdictErrors.MUST_LEFT_OUT, "left out: " + String.join(", ", excluded));
  }

  private static OctetException tooLittle(TckReport report) {
    List<String> truncated = rules(report, Verdict.TRUNCATED);
    if (!truncated.isEmpty()) {
      return built(
          report,
          VerdictErrors.TRUNCATED,
          truncated.size() + " rules were cut short, the first of them " + truncated.get(0));
    }
    if (report.caseCount() == 0) {
      return built(report, VerdictErrors.NOTHING_RAN, "no case ran");
    }
    Optional<RuleResult> untold =
        report
            .results()
            .filter(RuleResult::hinders)
            .filter(result -> result.verdict() == Verdict.NOTHING_RAN)
            .findFirst();
    return untold.isPresent()
        ? built(report, VerdictErrors.CANNOT_TELL, words(untold.get()))
        : built(
            report,
            VerdictErrors.NOTHING_TRIED,
            report.caseCount() + " cases ran, none of them of a declared capability");
  }

  private static String words(RuleResult untold) {
    return untold.rule().id() + ": " + untold.reason().orElse("the kit has no case for it");
  }

  private static List<String> rules(TckReport report, Verdict verdict) {
    return report
        .results()
        .filter(RuleResult::hinders)
        .filter(result -> result.verdict() == verdict)
        .map(result -> result.rule().id())
        .distinct()
        .toList();
  }

  private static Optional<OctetException> error(TckReport report, ErrorId id, String fact) {
    return Optional.of(built(report, id, fact));
  }

  private static OctetException built(TckReport report, ErrorId id, String fact) {
    return id.error(fact).at("backend '" + report.backend().name() + "'").build();
  }
}
