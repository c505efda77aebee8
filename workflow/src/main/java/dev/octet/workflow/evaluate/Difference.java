package dev.octet.workflow.evaluate;

import dev.octet.api.quantizer.Finding;
import dev.octet.api.tree.Position;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.report.Report;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How far outputs are from those of a reference: {@code sqnrDb = 10 log10(sum ref^2 / sum (ref -
 * q)^2)} over all samples and outputs, and the share of rows whose largest element stands in the
 * same place. Each output's sums run in float64 over samples in order, so that they do not depend
 * on the batches. Not thread-safe.
 */
final class Difference {

  private final Map<String, SquaredError> sums = new LinkedHashMap<>();
  private long rows;
  private long sameRows;

  /** Adds some elements of an output. */
  void add(String output, double[] reference, double[] other) {
    sums.computeIfAbsent(output, name -> new SquaredError()).add(reference, other);
  }

  /** Compares where the largest element of a row stands. */
  void addRow(double[] reference, double[] other, int from, int count) {
    rows++;
    boolean same = Elements.largest(reference, from, count) == Elements.largest(other, from, count);
    sameRows += same ? 1 : 0;
  }

  /** Returns the ratio over all outputs. */
  Sqnr sqnr() {
    double signal = 0;
    double noise = 0;
    for (SquaredError sum : sums.values()) {
      signal += sum.sqnr().signal();
      noise += sum.sqnr().noise();
    }
    return new Sqnr(signal, noise);
  }

  double agreement() {
    return (double) sameRows / rows;
  }

  void addTo(Report report) {
    Sqnr sqnr = sqnr();
    report.field("sqnrDb", sqnr.tree().orElseGet(() -> new Tree.Null(Position.ROOT)));
    if (sqnr.isFinite()) {
      double decibels = sqnr.decibels();
      report.line(String.format(Locale.ROOT, "SQNR against the reference %.2f dB", decibels));
    } else if (sqnr.isEqual()) {
      report.line("the outputs are equal to those of the reference");
    } else {
      report.findings(List.of(notFinite()));
    }
    double agreement = agreement();
    report.field("top1Agreement", Tree.of(agreement));
    report.line(
        String.format(
            Locale.ROOT,
            "top-1 agreement with the reference %.4f (%d of %d)",
            agreement,
            sameRows,
            rows));
  }

  private static Finding notFinite() {
    return EvaluationErrors.NO_SQNR.about(
        "The SQNR is no finite number: outputs hold NaN or infinities, or the reference is zero"
            + " everywhere. Look at them with 'octet run'.");
  }
}
