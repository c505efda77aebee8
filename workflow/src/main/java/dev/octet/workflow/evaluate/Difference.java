package dev.octet.workflow.evaluate;

import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.report.Table;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How far outputs are from those of a reference, each by itself; the worst of them decides. Not
 * thread-safe.
 */
final class Difference {

  private final Map<String, OutputDifference> outputs = new LinkedHashMap<>();

  /**
   * Starts with nothing.
   *
   * @param measures what is compared of the rows of each output
   */
  Difference(Map<String, RowMeasure> measures) {
    measures.forEach((name, measure) -> outputs.put(name, new OutputDifference(name, measure)));
  }

  /**
   * Adds an output of a batch.
   *
   * @param name the output
   * @param samples how many samples the batch has
   * @param tokens how many positions of each are rows, where it has one for each
   * @param reference its elements in the reference
   * @param output what the model gave
   */
  void add(String name, int samples, Optional<int[]> tokens, double[] reference, Tensor output) {
    double[] own = OutputElements.of(name, output);
    Evaluation.requireSameLength(name, reference, own);
    Rows rows = Rows.of(samples, tokens, output, own.length);
    Objects.requireNonNull(outputs.get(name), name).add(reference, own, rows);
  }

  /** Returns the figures of every output, in their order. */
  List<OutputFigures> figures() {
    return outputs.values().stream().map(OutputDifference::figures).toList();
  }

  /**
   * Returns the output with the least signal to noise, the first of equal ones; where none has
   * that, the one with the least equal elements.
   */
  static OutputFigures worst(List<OutputFigures> figures) {
    return figures.stream()
        .filter(each -> each.equalElements().isEmpty())
        .min(Comparator.comparingDouble(OutputFigures::rank))
        .or(() -> figures.stream().min(Comparator.comparingDouble(Difference::equalShare)))
        .orElseThrow();
  }

  private static double equalShare(OutputFigures figures) {
    return figures.equalElements().orElse(1.0);
  }

  /** Returns the least agreement of the outputs that have one. */
  static Optional<OutputFigures> leastAgreement(List<OutputFigures> figures) {
    return figures.stream()
        .filter(each -> each.agreement().isPresent())
        .min(Comparator.comparingDouble(each -> each.agreement().orElseThrow()));
  }

  void addTo(Report report) {
    List<OutputFigures> figures = figures();
    OutputFigures worst = worst(figures);
    if (worst.equalElements().isEmpty()) {
      addDecibels(report, figures, worst);
    }
    addAgreement(report, figures);
    addOutputs(report, figures);
    report.findings(
        figures.stream().filter(OutputFigures::lacksNumbers).map(Difference::noNumber).toList());
  }

  private static void addDecibels(Report report, List<OutputFigures> figures, OutputFigures worst) {
    worst.sqnr().tree().ifPresent(tree -> report.field("sqnrDb", tree));
    String of = figures.size() == 1 ? "" : " of '" + worst.output() + "', the worst output,";
    if (worst.sqnr().isFinite()) {
      double decibels = worst.sqnr().decibels();
      report.line(String.format(Locale.ROOT, "SQNR%s against the reference %.2f dB", of, decibels));
    } else if (worst.sqnr().isEqual()) {
      report.line("the outputs are equal to those of the reference");
    }
  }

  private static void addAgreement(Report report, List<OutputFigures> figures) {
    leastAgreement(figures)
        .ifPresent(
            least -> {
              double share = least.agreement().orElseThrow();
              report.field("top1Agreement", Tree.of(share));
              report.line(
                  String.format(
                      Locale.ROOT,
                      "top-1 agreement with the reference %.4f (%d of %d)",
                      share,
                      Math.round(share * least.rows()),
                      least.rows()));
            });
  }

  private static void addOutputs(Report report, List<OutputFigures> figures) {
    Table table = new Table("OUTPUT", "SQNR", "LARGEST ERROR", "ROWS");
    for (OutputFigures each : figures) {
      table.row(each.output(), each.words(), each.largestErrorWords(), each.rowWords());
    }
    report.table(table);
  }

  private static Finding noNumber(OutputFigures figures) {
    return NoNumber.of(
        "A figure of output '" + figures.output() + "'",
        "it holds NaN or infinities, or the reference is zero everywhere");
  }
}
