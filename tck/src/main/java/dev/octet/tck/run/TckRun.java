package dev.octet.tck.run;

import dev.octet.api.option.Options;
import dev.octet.tck.check.Checks;
import dev.octet.tck.check.Declaration;
import dev.octet.tck.check.RuleCheck;
import dev.octet.tck.check.TckCase;
import dev.octet.tck.rule.Rule;
import dev.octet.tck.rule.RuleBook;
import dev.octet.tck.subject.Presets;
import dev.octet.tck.subject.Subject;
import dev.octet.tck.verdict.CaseResult;
import dev.octet.tck.verdict.PresetReport;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/** Runs the kit in this process. */
public final class TckRun {

  private final TckRequest request;
  private final RuleBook book;
  private final SortedMap<String, RuleCheck> checks;
  private final CaseRunner runner;
  private final Consumer<String> progress;

  private TckRun(TckRequest request, RuleBook book, Consumer<String> progress) {
    this.request = request;
    this.book = book;
    this.checks = Checks.byRule();
    this.runner = new CaseRunner(request.limit());
    this.progress = progress;
  }

  /**
   * Runs the rules of a request on its backend, on threads of its own.
   *
   * @param progress hears the name of each case before it begins, {@code rule/case}
   * @throws dev.octet.api.error.OctetException if the backend does not say what it is
   * @throws InterruptedException if the calling thread is interrupted
   */
  public static TckReport run(TckRequest request, Consumer<String> progress)
      throws InterruptedException {
    return new TckRun(request, RuleBook.read(), progress).report();
  }

  private TckReport report() throws InterruptedException {
    List<Options> presets =
        request.presets().isEmpty() ? Presets.of(request.provider()) : request.presets();
    List<PresetReport> reports = new ArrayList<>();
    for (Options preset : presets) {
      Subject subject = Subject.of(request.provider(), preset, request.seed());
      List<RuleResult> results = new ArrayList<>();
      for (Rule rule : book.rules()) {
        if (request.rule().isEmpty() || request.rule().get().equals(rule.id())) {
          results.add(result(rule, subject));
        }
      }
      reports.add(new PresetReport(preset, results));
    }
    return new TckReport(request.provider().name(), request.seed(), request.isPartial(), reports);
  }

  private RuleResult result(Rule rule, Subject subject) throws InterruptedException {
    if (!rule.isTestable()) {
      return RuleResult.notTried(rule, Verdict.UNTESTABLE, rule.untestable().orElseThrow());
    }
    Optional<Declaration.Missing> missing = Declaration.missing(rule.need(), subject);
    if (missing.isPresent()) {
      return RuleResult.notDeclared(
          rule, missing.get().what(), run(rule, missing.get().refusals()));
    }
    RuleCheck check = checks.get(rule.id());
    if (check == null) {
      throw new IllegalStateException(rule.id() + " has no test");
    }
    return RuleResult.tried(rule, run(rule, check.cases().apply(subject)), false);
  }

  private List<CaseResult> run(Rule rule, List<TckCase> cases) throws InterruptedException {
    List<CaseResult> results = new ArrayList<>();
    for (TckCase tried : cases) {
      if (request.caseName().isEmpty() || request.caseName().get().equals(tried.name())) {
        progress.accept(rule.id() + "/" + tried.name());
        results.add(new CaseResult(tried.name(), runner.run(tried)));
      }
    }
    return results;
  }
}
