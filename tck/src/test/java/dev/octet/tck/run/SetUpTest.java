package dev.octet.tck.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.tck.broken.Acme;
import dev.octet.tck.broken.FaultyBackend;
import dev.octet.tck.verdict.CaseResult;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.Verdict;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A backend that fails before a case can begin has a report, and no green one. */
class SetUpTest {

  private static TckReport run(RuntimeException thrown) throws InterruptedException {
    Acme acme =
        new Acme() {
          @Override
          public List<Capability> capabilities(Options options) {
            throw thrown;
          }
        };
    return TckRun.run(acme, TckRequest.everything().options(Options.none()).rule("TCK-CAP-001"));
  }

  @Test
  void whatFailsBeforeTheFirstCaseErrorsTheRule() throws InterruptedException {
    TckReport report = run(new IllegalStateException("no licence"));
    assertEquals(Verdict.ERRORED, report.results().findFirst().orElseThrow().verdict());
    CaseResult trouble = report.results().findFirst().orElseThrow().troubles().get(0);
    assertEquals("set-up", trouble.name());
    String message = trouble.outcome().message().orElseThrow();
    assertTrue(message.startsWith("OCT-TCK-013: "), message);
    assertTrue(message.contains("no licence"), message);
    assertEquals(1, report.conformance().exitCode());
  }

  /** Never returns, and cannot be interrupted. */
  private static Object hang() {
    CountDownLatch never = new CountDownLatch(1);
    while (true) {
      try {
        never.await();
      } catch (InterruptedException e) {
        continue;
      }
    }
  }

  static List<Arguments> hanging() {
    return Stream.of("capabilities", "create", "options")
        .map(method -> Arguments.of(method, FaultyBackend.provider(method, SetUpTest::hang)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("hanging")
  void whatNeverReturnsIsNamedAndTheRunEnds(String method, FaultyBackend hanging)
      throws InterruptedException {
    TckReport report =
        TckRun.run(
            hanging.backend(),
            TckRequest.everything().rule("TCK-ERR-001").caseName(method).timeoutFactor(0.1));
    RuleResult result = report.results().findFirst().orElseThrow();
    assertEquals(Verdict.ERRORED, result.verdict());
    assertTrue(
        result.troubles().stream()
            .map(trouble -> trouble.outcome().message().orElseThrow())
            .anyMatch(message -> message.contains(method + " did not return (at ")),
        result.troubles().toString());
    assertEquals(1, report.conformance().exitCode());
  }
}
