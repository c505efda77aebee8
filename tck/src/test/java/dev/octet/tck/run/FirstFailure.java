package dev.octet.tck.run;

import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.tck.graphs.Compositions;
import dev.octet.tck.rule.RuleBook;
import dev.octet.tck.verdict.Measurement;
import dev.octet.tck.verdict.Outcome;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.TestedBackend;
import java.util.List;
import java.util.Optional;

/** Runs the kit until a case fails: what comes behind it says nothing more of a wrong backend. */
public final class FirstFailure implements RunListener {

  private final ReportBuilder report;

  private FirstFailure(ReportBuilder report) {
    this.report = report;
  }

  /** Ends a run. */
  private static final class Found extends RuntimeException {
    private Found() {
      super("a case failed", null, false, false);
    }
  }

  /**
   * Runs a request up to its first case that fails, and reports what ran.
   *
   * @param composed what runs on other backends composed
   */
  public static TckReport run(QuantizerProvider provider, TckRequest request, Compositions composed)
      throws InterruptedException {
    ReportBuilder report = new ReportBuilder(RuleBook.read(), request, request.presets(provider));
    try {
      TckRun.run(provider, request, Place.START, new FirstFailure(report), composed);
    } catch (Found e) {
      // The report has what failed.
    }
    return report.report(TestedBackend.of(provider));
  }

  @Override
  public void ends(Outcome outcome) {
    report.ends(outcome);
    if (outcome.kind() == Outcome.Kind.FAILED) {
      throw new Found();
    }
  }

  @Override
  public void preset(Options options) {
    report.preset(options);
  }

  @Override
  public void setUp(String rule) {
    report.setUp(rule);
  }

  @Override
  public void rule(String id, Optional<String> missing) {
    report.rule(id, missing);
  }

  @Override
  public void begins(String name) {
    report.begins(name);
  }

  @Override
  public void cannotTell(String reason) {
    report.cannotTell(reason);
  }

  @Override
  public void ruleEnds() {
    report.ruleEnds();
  }

  @Override
  public void measured(List<Measurement> measurements) {
    report.measured(measurements);
  }
}
