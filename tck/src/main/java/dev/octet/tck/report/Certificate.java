package dev.octet.tck.report;

import dev.octet.api.provider.ApiVersion;
import dev.octet.api.tree.Tree;
import dev.octet.tck.subject.Presets;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a vendor keeps of a run: that it was conformant, when, and of what. */
public final class Certificate {

  private Certificate() {}

  /**
   * Returns the certificate of a run, as a tree.
   *
   * @param when the time of the run
   * @return empty unless the run proves conformance
   */
  public static Optional<Tree.Mapping> of(TckReport report, Instant when) {
    if (!report.conformance().isProved()) {
      return Optional.empty();
    }
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("certificate", Tree.of("This backend keeps the rules of Octet's TCK."));
    fields.put("conformance", Tree.of(Words.conformance(report.conformance())));
    fields.put("date", Tree.of(when.truncatedTo(ChronoUnit.SECONDS).toString()));
    fields.put("backend", Tree.of(report.backend().name()));
    report.backend().version().ifPresent(text -> fields.put("version", Tree.of(text)));
    report.backend().sha256().ifPresent(text -> fields.put("sha256", Tree.of(text)));
    fields.put("kit", Tree.of(KitVersion.text()));
    fields.put("api", Tree.of(ApiVersion.CURRENT));
    fields.put("seed", Tree.of(report.asked().seed()));
    report.asked().random().ifPresent(most -> fields.put("random", Tree.of(most)));
    fields.put("cases", Tree.of(report.caseCount()));
    fields.put(
        "boundary", Tree.of(Boundary.of(report).stream().map(ReportTree::boundary).toList()));
    fields.put("presets", presets(report));
    fields.put(
        "measurements",
        Tree.of(
            report.presets().stream()
                .flatMap(preset -> preset.measurements().stream())
                .map(ReportTree::measurement)
                .toList()));
    fields.put("should-not-met", ids(report, Verdict.SHOULD_NOT_MET));
    fields.put("excluded", ids(report, Verdict.EXCLUDED));
    fields.put("untestable", ids(report, Verdict.UNTESTABLE));
    fields.put("machine", machine());
    return Optional.of(Tree.of(fields));
  }

  private static Tree presets(TckReport report) {
    return Tree.of(
        report.presets().stream().map(p -> Tree.of(Presets.words(p.options()))).toList());
  }

  private static Tree ids(TckReport report, Verdict verdict) {
    return Tree.of(
        report
            .results()
            .filter(result -> result.verdict() == verdict)
            .map(RuleResult::rule)
            .map(rule -> rule.id())
            .distinct()
            .map(Tree::of)
            .toList());
  }

  private static Tree machine() {
    List<String> words = new ArrayList<>();
    for (String property : List.of("java.vm.name", "java.version", "os.name", "os.arch")) {
      words.add(System.getProperty(property, "?"));
    }
    words.add(Runtime.getRuntime().availableProcessors() + " processors");
    return Tree.of(String.join(", ", words));
  }
}
