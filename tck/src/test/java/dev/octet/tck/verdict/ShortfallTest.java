package dev.octet.tck.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.error.OctetException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** No way leads to a green run in which too little ran; each has its exit code and its error. */
class ShortfallTest {

  private static final Asked WHOLE = SampleReports.whole();
  private static final Asked PARTIAL = new Asked(1, OptionalInt.empty(), true, false);
  private static final Asked EXACT = new Asked(1, OptionalInt.empty(), false, true);
  private static final List<Measurement> OFF = List.of(new Measurement("MatMul", 1, 1, 3, 40));

  private static void assertShort(String id, String fact, int exitCode, TckReport report) {
    OctetException why = report.shortfall().orElseThrow();
    assertEquals(id, why.id());
    assertEquals(fact, why.fact());
    assertEquals(exitCode, report.conformance().exitCode());
    assertEquals(false, report.conformance().isProved());
  }

  private static void assertComplete(Conformance conformance, TckReport report) {
    assertEquals(conformance, report.conformance());
    assertEquals(Optional.empty(), report.shortfall());
  }

  private static RuleResult tried(String rule, boolean truncated, CaseResult... cases) {
    return RuleResult.tried(SampleReports.must(rule), List.of(cases), truncated);
  }

  @Test
  void nothingRan() {
    assertShort("OCT-TCK-002", "no case ran", 4, SampleReports.of(WHOLE));
  }

  @Test
  void nothingRanOfANarrowedRun() {
    assertShort("OCT-TCK-002", "no case ran", 4, SampleReports.of(PARTIAL));
  }

  @Test
  void aRuleWasCutShort() {
    assertShort(
        "OCT-TCK-008",
        "1 rules were cut short, the first of them TCK-DET-001",
        4,
        SampleReports.of(
            WHOLE,
            SampleReports.CAPABILITY,
            tried("TCK-DET-001", true, SampleReports.passed("a"))));
  }

  @Test
  void aRunWasCutShortBeforeItsFirstCase() {
    assertShort(
        "OCT-TCK-008",
        "1 rules were cut short, the first of them TCK-DET-001",
        4,
        SampleReports.of(WHOLE, tried("TCK-DET-001", true)));
  }

  @Test
  void aNarrowedRunWasCutShort() {
    assertShort(
        "OCT-TCK-008",
        "1 rules were cut short, the first of them TCK-DET-001",
        4,
        SampleReports.of(PARTIAL, tried("TCK-DET-001", true, SampleReports.passed("a"))));
  }

  @Test
  void theKitCannotTell() {
    assertShort(
        "OCT-TCK-009",
        "TCK-RUN-002: no profile 'half-up'",
        4,
        SampleReports.of(
            WHOLE,
            SampleReports.CAPABILITY,
            RuleResult.notTried(
                SampleReports.must("TCK-RUN-002"), Verdict.NOTHING_RAN, "no profile 'half-up'")));
  }

  @Test
  void aRuleHasNoCase() {
    assertShort(
        "OCT-TCK-009",
        "TCK-DET-001: the kit has no case for it",
        4,
        SampleReports.of(WHOLE, SampleReports.CAPABILITY, tried("TCK-DET-001", false)));
  }

  @Test
  void noCapabilityWasTried() {
    assertShort(
        "OCT-TCK-010",
        "1 cases ran, none of them of a declared capability",
        4,
        SampleReports.of(WHOLE, tried("TCK-DET-001", false, SampleReports.passed("a"))));
  }

  @Test
  void aMustWasLeftOut() {
    assertShort(
        "OCT-TCK-011",
        "left out: TCK-DET-001",
        1,
        SampleReports.of(
            WHOLE,
            SampleReports.CAPABILITY,
            RuleResult.notTried(
                SampleReports.must("TCK-DET-001"), Verdict.EXCLUDED, "slow (a link)")));
  }

  @Test
  void aShouldThatWasLeftOutIsInNobodysWay() {
    assertComplete(
        Conformance.CONFORMANT,
        SampleReports.of(
            WHOLE,
            SampleReports.CAPABILITY,
            RuleResult.notTried(
                SampleReports.should("TCK-DET-001"), Verdict.EXCLUDED, "slow (a link)")));
  }

  @Test
  void boundsAreAQualifierUnlessExactIntegersAreRequired() {
    assertComplete(
        Conformance.CONFORMANT_NOT_BIT_EXACT,
        SampleReports.of(WHOLE, OFF, SampleReports.CAPABILITY));
    assertShort(
        "OCT-TCK-012",
        "the runtime declares bounds, not exact integers",
        1,
        SampleReports.of(EXACT, OFF, SampleReports.CAPABILITY));
    assertComplete(Conformance.CONFORMANT, SampleReports.of(EXACT, SampleReports.CAPABILITY));
  }

  @Test
  void aBrokenRuleSaysItself() {
    TckReport report =
        SampleReports.of(
            WHOLE,
            SampleReports.CAPABILITY,
            tried("TCK-DET-001", false, SampleReports.failed("a")),
            tried("TCK-DET-002", true));
    assertComplete(Conformance.NOT_CONFORMANT, report);
    assertEquals(1, report.conformance().exitCode());
  }
}
