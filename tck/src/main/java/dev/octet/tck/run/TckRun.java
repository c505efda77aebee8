package dev.octet.tck.run;

import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.tck.check.Checks;
import dev.octet.tck.check.Declaration;
import dev.octet.tck.check.RuleCheck;
import dev.octet.tck.check.TckCase;
import dev.octet.tck.exact.UnknownProfileException;
import dev.octet.tck.graphs.Breadth;
import dev.octet.tck.rule.Rule;
import dev.octet.tck.rule.RuleBook;
import dev.octet.tck.subject.Subject;
import dev.octet.tck.verdict.Outcome;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.TestedBackend;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Runs the kit in this process: presets, rules by their ids, cases in their order. What is asked of
 * the same kit with one seed is told in the same order.
 */
public final class TckRun {

  /** What the report calls what happens before the first case of a rule. */
  static final String SET_UP = "set-up";

  private final QuantizerProvider provider;
  private final TckRequest request;
  private final RuleBook book;
  private final Place from;
  private final RunListener listener;
  private final SortedMap<String, RuleCheck> checks = Checks.byRule();
  private final CaseRunner runner;
  private final CaseSelection selection;

  private TckRun(
      QuantizerProvider provider,
      TckRequest request,
      RuleBook book,
      Place from,
      RunListener listener) {
    this.provider = provider;
    this.request = request;
    this.book = book;
    this.from = from;
    this.listener = listener;
    this.runner = new CaseRunner(request.limit());
    this.selection = new CaseSelection(book, request);
  }

  /**
   * Runs a request on a backend and returns what was found.
   *
   * @throws dev.octet.api.error.OctetException if the backend does not say which options it has
   * @throws InterruptedException if the calling thread is interrupted
   */
  public static TckReport run(QuantizerProvider provider, TckRequest request)
      throws InterruptedException {
    RuleBook book = RuleBook.read();
    ReportBuilder report = new ReportBuilder(book, request, request.presets(provider));
    new TckRun(provider, request, book, Place.START, report).presets();
    return report.report(TestedBackend.of(provider));
  }

  /**
   * Runs a request on a backend and tells a listener.
   *
   * @param from where it begins; what is before ran already
   * @throws dev.octet.api.error.OctetException if the backend does not say which options it has
   * @throws InterruptedException if the calling thread is interrupted
   */
  static void run(QuantizerProvider provider, TckRequest request, Place from, RunListener listener)
      throws InterruptedException {
    new TckRun(provider, request, RuleBook.read(), from, listener).presets();
  }

  private void presets() throws InterruptedException {
    List<Options> presets = request.presets(provider);
    for (int i = from.preset(); i < presets.size(); i++) {
      Options preset = presets.get(i);
      listener.preset(preset);
      Breadth breadth = i == 0 ? Breadth.WHOLE : Breadth.NARROW;
      Subject subject = Subject.of(provider, preset, breadth, request.seed());
      for (Rule rule : book.rules()) {
        if (request.wants(rule, i)
            && rule.isTestable()
            && request.exclusion(rule.id()).isEmpty()
            && !from.isBehind(i, rule.id())) {
          rule(rule, subject, from.casesBehind(i, rule.id()));
        }
      }
      listener.measured(subject.measurements().all());
    }
  }

  private void rule(Rule rule, Subject subject, long behind) throws InterruptedException {
    listener.setUp(rule.id());
    Optional<Declaration.Missing> missing;
    List<TckCase> cases;
    try {
      missing = Declaration.missing(rule.need(), subject);
      cases =
          missing
              .map(Declaration.Missing::refusals)
              .orElseGet(() -> check(rule.id()).cases().apply(subject));
    } catch (UnknownProfileException e) {
      listener.rule(rule.id(), Optional.empty());
      listener.cannotTell(e.reason());
      return;
    } catch (Throwable e) { // whatever a backend throws is why no case could begin
      setUpFailed(rule.id(), e);
      return;
    }
    listener.rule(rule.id(), missing.map(Declaration.Missing::what));
    List<TckCase> selected = selection.of(rule.id(), cases);
    int failed = 0;
    for (TckCase tried :
        selected.subList((int) Math.min(behind, selected.size()), selected.size())) {
      listener.begins(tried.name());
      Outcome outcome = runner.run(tried);
      boolean shrinks = outcome.kind() == Outcome.Kind.FAILED && failed++ < RuleResult.MOST_SHOWN;
      listener.ends(shrinks ? runner.shrunk(tried, outcome) : outcome);
    }
    listener.ruleEnds();
  }

  private void setUpFailed(String rule, Throwable thrown) {
    listener.rule(rule, Optional.empty());
    listener.begins(SET_UP);
    listener.ends(
        Outcome.errored(
            String.valueOf(
                RunErrors.SET_UP_FAILED
                    .error(CaseRunner.words(thrown))
                    .at(rule)
                    .build()
                    .getMessage())));
    listener.ruleEnds();
  }

  private RuleCheck check(String rule) {
    RuleCheck check = checks.get(rule);
    if (check == null) {
      throw new IllegalStateException(rule + " has no test");
    }
    return check;
  }
}
