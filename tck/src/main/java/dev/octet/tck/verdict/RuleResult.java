package dev.octet.tck.verdict;

import dev.octet.tck.rule.Level;
import dev.octet.tck.rule.Rule;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A rule, its cases, and what came of them.
 *
 * @param rule the rule
 * @param verdict what came of it
 * @param reason why it was not tried: what is not declared, why it cannot be tested, why it was
 *     left out; empty when it was tried
 * @param cases its cases in the order in which they ran; those that verify a refusal when it is not
 *     declared
 */
public record RuleResult(
    Rule rule, Verdict verdict, Optional<String> reason, List<CaseResult> cases) {

  /** How many cases that did not pass a report shows; the others it counts. */
  public static final int MOST_SHOWN = 3;

  /** Copies the list. */
  public RuleResult {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(reason, "reason");
    cases = List.copyOf(cases);
  }

  /** Returns what came of a rule whose cases were run, all of them unless {@code truncated}. */
  public static RuleResult tried(Rule rule, List<CaseResult> cases, boolean truncated) {
    return new RuleResult(rule, verdict(rule, cases, truncated), Optional.empty(), cases);
  }

  /**
   * Returns what came of a rule about something that the backend has not.
   *
   * @param missing what it has not
   * @param refusals the cases that verify that it refuses it
   */
  public static RuleResult notDeclared(Rule rule, String missing, List<CaseResult> refusals) {
    Verdict refused = verdict(rule, refusals, false);
    return new RuleResult(
        rule,
        refused == Verdict.PASSED ? Verdict.NOT_DECLARED : refused,
        Optional.of(missing),
        refusals);
  }

  /** Returns that a rule was not tried, with the reason. */
  public static RuleResult notTried(Rule rule, Verdict verdict, String reason) {
    return new RuleResult(rule, verdict, Optional.of(reason), List.of());
  }

  private static Verdict verdict(Rule rule, List<CaseResult> cases, boolean truncated) {
    if (has(cases, Outcome.Kind.FAILED)) {
      return rule.level() == Level.MUST ? Verdict.FAILED : Verdict.SHOULD_NOT_MET;
    }
    if (has(cases, Outcome.Kind.ERRORED)) {
      return Verdict.ERRORED;
    }
    if (truncated) {
      return Verdict.TRUNCATED;
    }
    return cases.isEmpty() ? Verdict.NOTHING_RAN : Verdict.PASSED;
  }

  private static boolean has(List<CaseResult> cases, Outcome.Kind kind) {
    return cases.stream().anyMatch(result -> result.outcome().kind() == kind);
  }

  /** Returns the first cases that did not pass: as many as a report shows. */
  public List<CaseResult> shownTroubles() {
    return troubles().stream().limit(MOST_SHOWN).toList();
  }

  /** Returns how many cases that did not pass a report only counts. */
  public int otherTroubles() {
    return Math.max(0, troubles().size() - MOST_SHOWN);
  }

  /** Returns the cases that did not pass. */
  public List<CaseResult> troubles() {
    return cases.stream().filter(c -> c.outcome().kind() != Outcome.Kind.PASSED).toList();
  }

  /** Tells whether the rule stands in the way of conformance. */
  public boolean hinders() {
    return switch (verdict) {
      case PASSED, NOT_DECLARED, UNTESTABLE, SHOULD_NOT_MET -> false;
      case FAILED, ERRORED, TRUNCATED, EXCLUDED, NOTHING_RAN -> rule.level() == Level.MUST;
    };
  }
}
