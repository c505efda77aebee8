package dev.octet.workflow.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.quantizer.Finding;
import dev.octet.workflow.evaluate.OutputFigures;
import dev.octet.workflow.evaluate.Sqnr;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckReportTest {

  private static CheckReport report(OutputFigures... outputs) {
    return CheckReport.of(4, 15, List.of(outputs), "cpu");
  }

  private static OutputFigures numbers(double noise) {
    return new OutputFigures(
        "y", new Sqnr(1, noise), 1, Optional.empty(), Optional.empty(), Optional.empty(), 4);
  }

  private static OutputFigures indices(double equal) {
    return new OutputFigures(
        "i", Sqnr.EQUAL, 0, Optional.empty(), Optional.empty(), Optional.of(equal), 4);
  }

  @Test
  void indicesAloneAreFarFromFloatWhereMostDiffer() {
    assertEquals(List.of(), report(indices(0.5)).report().findings());
    List<Finding> findings = report(indices(1), indices(0.25)).report().findings();
    assertEquals(List.of("OCT-CHK-101"), findings.stream().map(Finding::id).toList());
    assertTrue(
        findings
            .get(0)
            .message()
            .startsWith("Of output 'i' 25.0 % of the elements are equal on 4 samples"),
        findings.toString());
    assertTrue(
        report(indices(0.75)).report().text().contains("share of equal elements 0.7500"),
        report(indices(0.75)).report().text());
  }

  @Test
  void besideNumbersIndicesDoNotDecide() {
    assertEquals(List.of(), report(numbers(0.01), indices(0)).report().findings());
    assertEquals(20, ResultCheck.decibels(List.of(indices(0), numbers(0.01))), 1e-9);
    assertEquals(Double.POSITIVE_INFINITY, ResultCheck.decibels(List.of(indices(0))));
    Finding far = report(indices(1), numbers(0.1)).report().findings().get(0);
    assertTrue(far.message().startsWith("Output 'y' has 10.0 dB on 4 samples"), far.message());
  }
}
