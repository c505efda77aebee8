package dev.octet.workflow.compare;

import dev.octet.api.quantizer.Finding;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.report.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a comparison found, for programs and for people. */
final class ComparisonReport {

  /** Above this share of clipped values the range is not that of the data. */
  static final double MOST_CLIPPED = 0.01;

  private static final int NAMED = 5;

  private ComparisonReport() {}

  static Report of(Comparison comparison, int rows) {
    if (rows < 1) {
      throw CompareErrors.NO_ROWS.error("the table is to have " + rows + " tensors").build();
    }
    List<TensorError> worst = comparison.worstFirst();
    Report report =
        new Report()
            .field("samples", Tree.of(comparison.samples()))
            .field("runtime", Tree.of(comparison.runtime()))
            .field("tensors", () -> Tree.of(worst.stream().<Tree>map(TensorError::tree).toList()))
            .field(
                "notCompared",
                () ->
                    Tree.of(
                        comparison.uncompared().stream()
                            .<Tree>map(UncomparedTensor::tree)
                            .toList()))
            .line(
                "%s tensors on '%s', %s samples; the worst first"
                    .formatted(worst.size(), comparison.runtime(), comparison.samples()))
            .table(table(worst.subList(0, Math.min(rows, worst.size()))));
    if (worst.size() > rows) {
      report.line((worst.size() - rows) + " more are not as bad; --all lists them");
    }
    comparison.falls().stream().limit(NAMED).map(ComparisonReport::fall).forEach(report::line);
    reasons(comparison.uncompared()).forEach(report::line);
    clipped(worst).ifPresent(finding -> report.findings(List.of(finding)));
    return report;
  }

  private static String fall(TensorError error) {
    return "the error grows at '%s', %s: what it reads has %s, what it gives %s"
        .formatted(error.tensor(), error.op(), error.reads().words(), error.accumulated().words());
  }

  private static Table table(List<TensorError> errors) {
    Table table =
        new Table(
            "TENSOR", "OPERATOR", "READS", "SQNR", "LOCAL", "LARGEST ERROR", "CLIPPED", "INTEGERS");
    for (TensorError each : errors) {
      table.row(
          each.tensor(),
          each.op(),
          each.reads().words(),
          each.accumulated().words(),
          each.local().words(),
          PageText.number(each.largestError()),
          each.range().map(ComparisonReport::share).orElse(""),
          each.range().map(ComparisonReport::integers).orElse(""));
    }
    return table;
  }

  static String share(TensorRange range) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * range.clippedShare());
  }

  static String integers(TensorRange range) {
    return range.used() + " of " + (long) range.range().integers();
  }

  /** Reasons with how many tensors have them, and the names of the first. */
  private static List<String> reasons(List<UncomparedTensor> lacking) {
    if (lacking.isEmpty()) {
      return List.of();
    }
    Map<String, List<String>> byReason = new LinkedHashMap<>();
    for (UncomparedTensor each : lacking) {
      String kind = each.reason().replaceAll("'[^']*'", "...");
      byReason.computeIfAbsent(kind, k -> new ArrayList<>()).add(each.tensor());
    }
    List<String> lines = new ArrayList<>();
    lines.add(lacking.size() + " tensors of the float model are not compared:");
    byReason.forEach(
        (reason, names) -> lines.add("  " + names.size() + ": " + reason + ": " + named(names)));
    return lines;
  }

  private static String named(List<String> names) {
    String first = String.join("', '", names.subList(0, Math.min(NAMED, names.size())));
    String more = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
    return "'" + first + "'" + more;
  }

  private static Optional<Finding> clipped(List<TensorError> errors) {
    List<TensorError> clipping =
        errors.stream()
            .filter(each -> share(each) > MOST_CLIPPED)
            .sorted(Comparator.comparingDouble(each -> -share(each)))
            .toList();
    if (clipping.isEmpty()) {
      return Optional.empty();
    }
    List<String> named =
        clipping.stream()
            .limit(NAMED)
            .map(each -> "'" + each.tensor() + "' " + share(each.range().orElseThrow()))
            .toList();
    String more = clipping.size() > NAMED ? " and " + (clipping.size() - NAMED) + " more" : "";
    return Optional.of(
        CompareErrors.CLIPPED.about(
            "More than 1 %% of the values are clipped of %s: %s%s."
                .formatted(tensors(clipping.size()), String.join(", ", named), more)));
  }

  private static String tensors(int count) {
    return count == 1 ? "1 tensor" : count + " tensors";
  }

  private static double share(TensorError error) {
    return error.range().map(TensorRange::clippedShare).orElse(0.0);
  }
}
