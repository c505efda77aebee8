package dev.octet.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.tck.broken.FaultyBackend;
import dev.octet.tck.run.TckRequest;
import dev.octet.tck.run.TckRun;
import dev.octet.tck.verdict.Conformance;
import dev.octet.tck.verdict.Outcome;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.Verdict;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever method of a vendor returns null or throws, a rule fails and names it. */
class FaultyMethodsTest {

  /**
   * Implementations leave {@code ask} as it is, and without a name there is nobody to report on.
   */
  private static final Set<String> OTHERS = Set.of("ask", "name");

  static List<FaultyBackend> faulty() {
    List<FaultyBackend> all = new ArrayList<>();
    for (Method method : methods(QuantizerProvider.class).toList()) {
      faults(method).forEach(fault -> all.add(FaultyBackend.provider(method.getName(), fault)));
    }
    for (Method method : methods(Quantizer.class).toList()) {
      faults(method).forEach(fault -> all.add(FaultyBackend.quantizer(method.getName(), fault)));
    }
    return all;
  }

  private static Stream<Method> methods(Class<?> service) {
    return Arrays.stream(service.getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .filter(method -> !OTHERS.contains(method.getName()))
        .sorted((a, b) -> a.getName().compareTo(b.getName()));
  }

  private static Stream<Callable<?>> faults(Method method) {
    Callable<?> throwing =
        () -> {
          throw new IllegalStateException("a bug of Acme");
        };
    return method.getReturnType() == void.class
        ? Stream.of(throwing)
        : Stream.of(throwing, () -> null);
  }

  @ParameterizedTest
  @MethodSource("faulty")
  void failsARuleThatNamesTheMethod(FaultyBackend faulty) throws InterruptedException {
    TckReport report =
        TckRun.run(
            faulty.backend(), TckRequest.everything().options(Options.none()).rule("TCK-ERR-001"));
    RuleResult result = report.results().findFirst().orElseThrow();
    assertEquals(Verdict.FAILED, result.verdict(), result.troubles().toString());
    assertEquals(1, report.conformance().exitCode());
    assertTrue(
        result.troubles().stream()
            .anyMatch(t -> t.outcome().message().orElseThrow().contains(faulty.words())),
        result.troubles().toString());
  }

  @Test
  void aRuleWhoseCasesCannotBeComposedIsErroredWithTheReason() throws InterruptedException {
    TckReport report =
        TckRun.run(
            FaultyBackend.provider("capabilities", () -> null).backend(),
            TckRequest.everything().rule("TCK-CAP-001"));
    RuleResult result = report.results().findFirst().orElseThrow();
    assertEquals(Verdict.ERRORED, result.verdict());
    assertEquals("set-up", result.troubles().get(0).name());
    Outcome outcome = result.troubles().get(0).outcome();
    assertTrue(outcome.message().orElseThrow().contains("capabilities: it returned null"));
    assertEquals(Conformance.NOT_CONFORMANT, report.conformance());
  }

  @Test
  void aBackendThatDoesNotListItsOptionsIsTestedUnderItsDefaults() throws InterruptedException {
    TckReport report =
        TckRun.run(
            FaultyBackend.provider("options", () -> null).backend(),
            TckRequest.everything().rule("TCK-OPT-001"));
    assertEquals(1, report.presets().size());
    assertEquals(Verdict.FAILED, report.results().findFirst().orElseThrow().verdict());
  }

  @Test
  void thereIsNoReportOnABackendWithoutAName() {
    OctetException e =
        assertThrows(
            OctetException.class,
            () ->
                TckRun.run(
                    FaultyBackend.provider("name", () -> null).backend(),
                    TckRequest.everything().rule("TCK-REG-001")));
    assertEquals("OCT-REG-006", e.id());
    assertTrue(e.fact().contains("failed in name: it returned null"), e.fact());
  }
}
