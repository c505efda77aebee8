package dev.octet.tck.run;

import dev.octet.api.error.OctetException;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.tck.check.Checks;
import dev.octet.tck.check.Declaration;
import dev.octet.tck.check.RuleCheck;
import dev.octet.tck.check.TckCase;
import dev.octet.tck.exact.UnknownProfileException;
import dev.octet.tck.graphs.Breadth;
import dev.octet.tck.graphs.Compositions;
import dev.octet.tck.rule.Rule;
import dev.octet.tck.rule.RuleBook;
import dev.octet.tck.subject.Subject;
import dev.octet.tck.verdict.Outcome;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.TestedBackend;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;

/**
 * Runs the kit in this process: presets, rules by their ids, cases in their order. What is asked of
 * the same kit with one seed is told in the same order.
 */
public final class TckRun {

  /** What the report calls what happens before the first case of a rule. */
  static final String SET_UP = "set-up";

  /** A set-up composes the cases of a rule, and may take as long as so many of them. */
  private static final int SET_UPS = 6;

  /** How long a set-up may take once one has not returned: what hangs does so again. */
  private static final Duration AFTER_ONE = Duration.ofSeconds(1);

  /** What a rule begins with: what the backend has not, and its cases or those of the refusal. */
  private record SetUp(Optional<String> missing, List<TckCase> cases) {}

  private final QuantizerProvider provider;
  private final TckRequest request;
  private final RuleBook book;
  private final Place from;
  private final RunListener listener;
  private final SortedMap<String, RuleCheck> checks = Checks.byRule();
  private final Compositions composed;
  private final CaseThread thread;
  private final CaseRunner runner;
  private final CaseSelection selection;
  private Duration setUpLimit;

  private TckRun(
      QuantizerProvider provider,
      TckRequest request,
      RuleBook book,
      Place from,
      RunListener listener,
      Compositions composed,
      CaseThread thread) {
    this.provider = provider;
    this.request = request;
    this.book = book;
    this.from = from;
    this.listener = listener;
    this.composed = composed;
    this.thread = thread;
    this.runner = new CaseRunner(thread, request.limit());
    this.setUpLimit = request.limit().multipliedBy(SET_UPS);
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
    TestedBackend backend = backend(provider, request);
    List<Options> presets = presets(provider, request);
    ReportBuilder report = new ReportBuilder(RuleBook.read(), request, presets);
    run(provider, request, presets, Place.START, report, new Compositions());
    return report.report(backend);
  }

  /**
   * Returns the build of a backend, which says in time what it is called.
   *
   * @throws dev.octet.api.error.OctetException if it does not
   */
  static TestedBackend backend(QuantizerProvider provider, TckRequest request)
      throws InterruptedException {
    return TimeLimit.require(request.limit(), () -> TestedBackend.of(provider));
  }

  /** Returns what a backend is tried under; its defaults where it does not list its options. */
  static List<Options> presets(QuantizerProvider provider, TckRequest request)
      throws InterruptedException {
    try {
      return TimeLimit.require(request.limit(), () -> request.presets(provider));
    } catch (OctetException e) {
      return List.of(Options.none());
    }
  }

  /**
   * Runs a request on a backend and tells a listener.
   *
   * @param from where it begins; what is before ran already
   * @param composed what runs on others composed, which is used for what declares the same
   * @throws dev.octet.api.error.OctetException if the backend does not say which options it has
   * @throws InterruptedException if the calling thread is interrupted
   */
  static void run(
      QuantizerProvider provider,
      TckRequest request,
      Place from,
      RunListener listener,
      Compositions composed)
      throws InterruptedException {
    run(provider, request, presets(provider, request), from, listener, composed);
  }

  private static void run(
      QuantizerProvider provider,
      TckRequest request,
      List<Options> presets,
      Place from,
      RunListener listener,
      Compositions composed)
      throws InterruptedException {
    try (CaseThread thread = new CaseThread()) {
      new TckRun(provider, request, RuleBook.read(), from, listener, composed, thread)
          .presets(presets);
    }
  }

  private void presets(List<Options> presets) throws InterruptedException {
    for (int i = from.preset(); i < presets.size(); i++) {
      Options preset = presets.get(i);
      listener.preset(preset);
      Breadth breadth = i == 0 ? Breadth.WHOLE : Breadth.NARROW;
      Subject subject = Subject.of(provider, preset, breadth, request.seed(), composed);
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
    SetUp made;
    try {
      made = thread.within(setUpLimit, () -> setUp(rule, subject));
    } catch (TimeLimit.Exceeded e) {
      setUpLimit = AFTER_ONE.compareTo(setUpLimit) < 0 ? AFTER_ONE : setUpLimit;
      setUpFailed(rule.id(), String.valueOf(e.getMessage()));
      return;
    } catch (ExecutionException e) { // whatever a backend throws is why no case could begin
      if (e.getCause() instanceof UnknownProfileException unknown) {
        listener.rule(rule.id(), Optional.empty());
        listener.cannotTell(unknown.reason());
      } else {
        setUpFailed(rule.id(), CaseRunner.words(Objects.requireNonNull(e.getCause())));
      }
      return;
    }
    cases(rule, made, behind);
  }

  private SetUp setUp(Rule rule, Subject subject) {
    Optional<Declaration.Missing> missing = Declaration.missing(rule.need(), subject);
    List<TckCase> cases =
        missing
            .map(Declaration.Missing::refusals)
            .orElseGet(() -> check(rule.id()).cases().apply(subject));
    return new SetUp(missing.map(Declaration.Missing::what), cases);
  }

  private void cases(Rule rule, SetUp made, long behind) throws InterruptedException {
    listener.rule(rule.id(), made.missing());
    List<TckCase> selected = selection.of(rule.id(), made.cases());
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

  private void setUpFailed(String rule, String why) {
    listener.rule(rule, Optional.empty());
    listener.begins(SET_UP);
    listener.ends(
        Outcome.errored(
            String.valueOf(RunErrors.SET_UP_FAILED.error(why).at(rule).build().getMessage())));
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
