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

  private final QuantizerProvider provider;
  private final TckRequest request;
  private final RuleBook book;
  private final RunListener listener;
  private final SortedMap<String, RuleCheck> checks = Checks.byRule();
  private final CaseRunner runner;
  private long skipped;

  private TckRun(
      QuantizerProvider provider,
      TckRequest request,
      RuleBook book,
      long skipped,
      RunListener listener) {
    this.provider = provider;
    this.request = request;
    this.book = book;
    this.skipped = skipped;
    this.listener = listener;
    this.runner = new CaseRunner(request.limit());
  }

  /**
   * Runs a request on a backend and returns what was found.
   *
   * @throws dev.octet.api.error.OctetException if the backend does not say what it is or can do
   * @throws InterruptedException if the calling thread is interrupted
   */
  public static TckReport run(QuantizerProvider provider, TckRequest request)
      throws InterruptedException {
    RuleBook book = RuleBook.read();
    ReportBuilder report = new ReportBuilder(book, request);
    new TckRun(provider, request, book, 0, report).presets();
    return report.report(TestedBackend.of(provider));
  }

  /**
   * Runs a request on a backend and tells a listener.
   *
   * @param skipped how many cases at the beginning are passed over, because they ran before
   * @throws dev.octet.api.error.OctetException if the backend does not say what it is or can do
   * @throws InterruptedException if the calling thread is interrupted
   */
  static void run(
      QuantizerProvider provider, TckRequest request, long skipped, RunListener listener)
      throws InterruptedException {
    new TckRun(provider, request, RuleBook.read(), skipped, listener).presets();
  }

  private void presets() throws InterruptedException {
    List<Options> presets = request.presets(provider);
    for (int i = 0; i < presets.size(); i++) {
      Options preset = presets.get(i);
      listener.preset(preset);
      Breadth breadth = i == 0 ? Breadth.WHOLE : Breadth.NARROW;
      Subject subject = Subject.of(provider, preset, breadth, request.seed());
      for (Rule rule : book.rules()) {
        if (request.wants(rule, i) && rule.isTestable() && request.exclusion(rule.id()).isEmpty()) {
          rule(rule, subject);
        }
      }
      listener.measured(subject.measurements().all());
    }
  }

  private void rule(Rule rule, Subject subject) throws InterruptedException {
    Optional<Declaration.Missing> missing = Declaration.missing(rule.need(), subject);
    listener.rule(rule.id(), missing.map(Declaration.Missing::what));
    try {
      cases(
          missing
              .map(Declaration.Missing::refusals)
              .orElseGet(() -> check(rule.id()).cases().apply(subject)));
      listener.ruleEnds();
    } catch (UnknownProfileException e) {
      listener.cannotTell(e.reason());
    }
  }

  private RuleCheck check(String rule) {
    RuleCheck check = checks.get(rule);
    if (check == null) {
      throw new IllegalStateException(rule + " has no test");
    }
    return check;
  }

  private void cases(List<TckCase> cases) throws InterruptedException {
    for (TckCase tried : cases) {
      if (!request.wantsCase(tried.name())) {
        continue;
      }
      if (skipped > 0) {
        skipped--;
        continue;
      }
      listener.begins(tried.name());
      listener.ends(runner.run(tried));
    }
  }
}
