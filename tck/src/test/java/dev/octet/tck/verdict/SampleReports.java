package dev.octet.tck.verdict;

import dev.octet.api.option.Options;
import dev.octet.tck.rule.Level;
import dev.octet.tck.rule.Need;
import dev.octet.tck.rule.Rule;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reports as a run would make them. */
public final class SampleReports {

  /** The rule whose cases try declared capabilities. */
  public static final RuleResult CAPABILITY =
      RuleResult.tried(must("TCK-CAP-001"), List.of(passed("c00-conv/1x4x9x8/k1")), false);

  private static final String HASH = "0123456789abcdef".repeat(4);

  private SampleReports() {}

  /** Returns a rule of level MUST. */
  public static Rule must(String id) {
    return rule(id, Level.MUST);
  }

  /** Returns a rule of level SHOULD. */
  public static Rule should(String id) {
    return rule(id, Level.SHOULD);
  }

  private static Rule rule(String id, Level level) {
    return new Rule(
        id,
        "A title with <, & and \"",
        level,
        Need.NOTHING,
        "1.0",
        "text",
        "intent",
        "example",
        List.of("a hint"),
        Optional.empty());
  }

  /** Returns a case that passed. */
  public static CaseResult passed(String name) {
    return new CaseResult(name, Outcome.passed());
  }

  /** Returns a case that failed. */
  public static CaseResult failed(String name) {
    return new CaseResult(name, Outcome.failed("element 3 is 1 & is <2>\u0007"));
  }

  /** Returns what a run that was not narrowed asked for. */
  public static Asked whole() {
    return new Asked(24301, OptionalInt.empty(), false, false);
  }

  /** Returns a report under the defaults. */
  public static TckReport of(Asked asked, RuleResult... results) {
    return of(asked, List.of(), results);
  }

  /** Returns a report under the defaults with measurements. */
  public static TckReport of(Asked asked, List<Measurement> measured, RuleResult... results) {
    return new TckReport(
        new TestedBackend("acme", Optional.of("1.2"), Optional.of(HASH)),
        asked,
        List.of(new PresetReport(Options.none(), Arrays.asList(results), measured)));
  }

  /** Returns a report with every verdict, under two sets of options. */
  public static TckReport ofEveryVerdict() {
    CaseResult shrunk =
        new CaseResult(
            "conv/k1/int8-int8/2x4x7x6/ties",
            Outcome.failed("wrong").smallest("conv/k1/int8-int8/1x2x4x3/ties"));
    List<CaseResult> four = List.of(shrunk, failed("b"), failed("c"), failed("d"));
    CaseResult hung = new CaseResult("e", Outcome.errored("it did not end within 20 s"));
    List<RuleResult> results =
        List.of(
            CAPABILITY,
            RuleResult.tried(must("TCK-CAP-002"), four, false),
            RuleResult.tried(should("TCK-CAP-003"), List.of(failed("f")), false),
            RuleResult.tried(must("TCK-CAP-004"), List.of(hung), false),
            RuleResult.tried(must("TCK-CAP-005"), List.of(passed("g")), true),
            RuleResult.notTried(must("TCK-CAP-006"), Verdict.UNTESTABLE, "it is about the future"),
            RuleResult.notTried(must("TCK-CAP-007"), Verdict.EXCLUDED, "a reason (a link)"),
            RuleResult.notTried(must("TCK-CAP-008"), Verdict.NOTHING_RAN, "no profile 'half-up'"),
            RuleResult.notDeclared(must("TCK-CAP-009"), "a runtime", List.of(passed("refused"))));
    Measurement measured = new Measurement("MatMul int8", 1, 1, 3, 40);
    return new TckReport(
        new TestedBackend("acme", Optional.of("1.2"), Optional.of(HASH)),
        new Asked(24301, OptionalInt.of(5), false, false),
        List.of(
            new PresetReport(Options.none(), results, List.of(measured)),
            new PresetReport(Options.of("observer", "entropy"), results, List.of())));
  }
}
