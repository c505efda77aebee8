package dev.octet.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.option.Options;
import dev.octet.tck.broken.WrongBackend;
import dev.octet.tck.broken.WrongBackends;
import dev.octet.tck.check.Checks;
import dev.octet.tck.graphs.Compositions;
import dev.octet.tck.rule.Level;
import dev.octet.tck.rule.Rule;
import dev.octet.tck.rule.RuleBook;
import dev.octet.tck.run.FirstFailure;
import dev.octet.tck.run.TckRequest;
import dev.octet.tck.verdict.Outcome;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.Verdict;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule catches a backend that breaks it, and says what to mend. */
class WrongBackendsTest {

  private static final String OF_LOCALES = "TCK-DET-004";
  private static final Object LOCALE = new Object();

  /** Most wrong backends declare what the right one does. */
  private static final Compositions COMPOSED = new Compositions();

  static List<WrongBackend> wrong() {
    return WrongBackends.all();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("wrong")
  void isCaughtWithAMessage(WrongBackend wrong) throws InterruptedException {
    TckReport report = wrong.rule().equals(OF_LOCALES) ? runAlone(wrong) : run(wrong);
    RuleResult result = report.results().findFirst().orElseThrow();
    Verdict caught = result.rule().level() == Level.MUST ? Verdict.FAILED : Verdict.SHOULD_NOT_MET;
    assertEquals(caught, result.verdict(), result.troubles().toString());
    String message =
        result.troubles().stream()
            .map(trouble -> trouble.outcome())
            .filter(outcome -> outcome.kind() == Outcome.Kind.FAILED)
            .findFirst()
            .flatMap(Outcome::message)
            .orElseThrow();
    assertTrue(message.contains(wrong.says()), message);
  }

  private static TckReport run(WrongBackend wrong) throws InterruptedException {
    return FirstFailure.run(
        wrong.provider().get(),
        TckRequest.everything().options(Options.none()).rule(wrong.rule()),
        COMPOSED);
  }

  /** The process has one default locale, which these backends and their rule change. */
  private static TckReport runAlone(WrongBackend wrong) throws InterruptedException {
    synchronized (LOCALE) {
      return run(wrong);
    }
  }

  @Test
  void everyRuleThatCanBeTestedHasATestAndAWrongBackend() {
    Set<String> testable =
        RuleBook.read().rules().stream()
            .filter(Rule::isTestable)
            .map(Rule::id)
            .collect(Collectors.toSet());
    assertEquals(testable, Checks.byRule().keySet());
    assertEquals(
        testable, WrongBackends.all().stream().map(WrongBackend::rule).collect(Collectors.toSet()));
  }
}
