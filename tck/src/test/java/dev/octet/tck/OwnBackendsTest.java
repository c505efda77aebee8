package dev.octet.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.tck.broken.Acme;
import dev.octet.tck.broken.Limits;
import dev.octet.tck.run.TckRequest;
import dev.octet.tck.run.TckRun;
import dev.octet.tck.verdict.Conformance;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Octet's own backends keep the rules under their defaults. Every preset takes minutes; {@code
 * octet-tck run} tries them.
 */
class OwnBackendsTest {

  /** Cases of a rule beside those of the boundary list. */
  private static final int MOST = 20;

  static List<String> backends() {
    return QuantizerCatalog.discover(OwnBackendsTest.class.getClassLoader()).names();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("backends")
  void conforms(String name) throws InterruptedException {
    requireConformant(
        QuantizerCatalog.discover(OwnBackendsTest.class.getClassLoader()).provider(name),
        name.equals("onnxruntime") ? Conformance.CONFORMANT_NOT_BIT_EXACT : Conformance.CONFORMANT);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void theBackendThatWrongOnesAreMadeOfConforms() throws InterruptedException {
    requireConformant(new Acme(), Conformance.CONFORMANT);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void aBackendOfLimitsOfEveryKindConforms() throws InterruptedException {
    requireConformant(new Limits(), Conformance.CONFORMANT);
  }

  private static void requireConformant(QuantizerProvider provider, Conformance expected)
      throws InterruptedException {
    TckReport report = TckRun.run(provider, request());
    List<RuleResult> hindering = report.results().filter(RuleResult::hinders).toList();
    assertEquals(List.of(), hindering);
    assertEquals(expected, report.conformance());
  }

  private static TckRequest request() {
    return TckRequest.everything().options(Options.none()).random(MOST);
  }
}
