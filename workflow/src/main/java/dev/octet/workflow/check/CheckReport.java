package dev.octet.workflow.check;

import static java.util.stream.Collectors.joining;

import dev.octet.api.quantizer.Finding;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.compare.TensorError;
import dev.octet.workflow.evaluate.OutputErrors;
import dev.octet.workflow.evaluate.OutputFigures;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.report.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a check has to say.
 *
 * @param samples how many samples were run; 0 if the model could not be run
 * @param leastDb what is good enough
 * @param outputs the figures of the outputs of the model that is handed over
 * @param asPlanned those of the model as planned, where nodes were kept in float
 * @param keptFloat these nodes, with the decibels of the worst output without each
 * @param blamed where the error grows, if the model is not good enough
 * @param runtime the name of what ran the models
 * @param notice why the model was not checked, or not on Octet's kernels
 * @param ranges what the values inside of the float model say of the ranges
 */
record CheckReport(
    int samples,
    double leastDb,
    List<OutputFigures> outputs,
    Optional<List<OutputFigures>> asPlanned,
    SortedMap<String, Double> keptFloat,
    List<TensorError> blamed,
    String runtime,
    Optional<Finding> notice,
    List<Finding> ranges) {

  private static final int MOST_NAMED = 3;

  /** The share of equal elements below which indices are others. */
  private static final double MOST = 0.5;

  CheckReport {
    outputs = List.copyOf(outputs);
    asPlanned = asPlanned.map(List::copyOf);
    keptFloat = Collections.unmodifiableSortedMap(new TreeMap<>(keptFloat));
    blamed = List.copyOf(blamed);
    ranges = List.copyOf(ranges);
  }

  static CheckReport of(int samples, double leastDb, List<OutputFigures> outputs, String runtime) {
    return new CheckReport(
        samples,
        leastDb,
        outputs,
        Optional.empty(),
        new TreeMap<>(),
        List.of(),
        runtime,
        Optional.empty(),
        List.of());
  }

  static CheckReport notChecked(Finding why) {
    return of(0, 0, List.of(), "").noticing(why);
  }

  CheckReport noticing(Finding finding) {
    return new CheckReport(
        samples,
        leastDb,
        outputs,
        asPlanned,
        keptFloat,
        blamed,
        runtime,
        Optional.of(finding),
        ranges);
  }

  CheckReport blaming(List<TensorError> falls) {
    return new CheckReport(
        samples, leastDb, outputs, asPlanned, keptFloat, falls, runtime, notice, ranges);
  }

  CheckReport mended(List<OutputFigures> before, SortedMap<String, Double> nodes) {
    return new CheckReport(
        samples, leastDb, outputs, Optional.of(before), nodes, blamed, runtime, notice, ranges);
  }

  CheckReport with(List<Finding> findings) {
    return new CheckReport(
        samples, leastDb, outputs, asPlanned, keptFloat, blamed, runtime, notice, findings);
  }

  /** Returns decibels in words. */
  static String words(double decibels) {
    if (Double.isFinite(decibels)) {
      return String.format(Locale.ROOT, "%.1f dB", decibels);
    }
    return decibels > 0 ? "no error" : "no number";
  }

  Report report() {
    Report report = new Report();
    notice.ifPresent(why -> report.findings(List.of(why)));
    if (outputs.isEmpty()) {
      return report;
    }
    report.field("check", this::tree).line(line());
    if (asPlanned.isPresent()) {
      addKeptFloat(report);
    }
    report.findings(ranges);
    if (ResultCheck.decibels(outputs) < leastDb || hasOtherIndices(outputs)) {
      report.findings(List.of(CheckErrors.farFromFloat(farFromFloat())));
    }
    return report;
  }

  private String line() {
    OutputFigures worst = OutputErrors.worst(outputs);
    String of = outputs.size() == 1 ? "" : " of '" + worst.output() + "', the worst output";
    String agreement =
        worst
            .agreement()
            .map(share -> String.format(Locale.ROOT, ", top-1 agreement %.4f", share))
            .orElse("");
    String figure =
        worst
            .equalElements()
            .map(share -> String.format(Locale.ROOT, "share of equal elements%s %.4f", of, share))
            .orElseGet(() -> "SQNR" + of + " " + words(worst.sqnr().rank()));
    return "Checked on %s: %s%s".formatted(count(samples, "sample"), figure, agreement);
  }

  /**
   * Tells whether no output has decibels, and one has other elements for the most part. Beside
   * others indices do not decide: neighbours in an order change their places where nothing is
   * wrong.
   */
  static boolean hasOtherIndices(List<OutputFigures> outputs) {
    return OutputErrors.worst(outputs).equalElements().filter(share -> share < MOST).isPresent();
  }

  private void addKeptFloat(Report report) {
    String before = words(ResultCheck.decibels(asPlanned.orElseThrow()));
    report.findings(
        List.of(
            CheckErrors.mended(
                "As planned the worst output has "
                    + before
                    + " on "
                    + count(samples, "sample")
                    + ": "
                    + count(keptFloat.size(), "node")
                    + " ("
                    + named(keptFloat.keySet().stream().toList())
                    + (keptFloat.size() == 1 ? ") was" : ") were")
                    + " kept in float, with which it has "
                    + words(ResultCheck.decibels(outputs))
                    + ". To quantize as planned, give --as-planned.")));
    Table table = new Table("NODE KEPT IN FLOAT", "WITH IT QUANTIZED");
    keptFloat.forEach((name, decibels) -> table.row(name, words(decibels)));
    report.line("").table(table).line("");
  }

  private String farFromFloat() {
    String fact = farFromFloat(outputs, samples, leastDb);
    String falls =
        blamed.stream()
            .limit(MOST_NAMED)
            .map(
                fall ->
                    "'%s' (%s to %s)"
                        .formatted(
                            fall.node().orElse(fall.tensor()),
                            words(fall.reads().decibels()),
                            words(fall.accumulated().decibels())))
            .collect(joining(", "));
    return falls.isEmpty()
        ? fact + " Look with 'octet compare' where the error enters."
        : fact + " The error grows most at " + falls + ": keep what is before it in float.";
  }

  /** Says of the worst output how far it is from float. */
  static String farFromFloat(List<OutputFigures> outputs, int samples, double leastDb) {
    OutputFigures worst = OutputErrors.worst(outputs);
    if (worst.equalElements().isPresent()) {
      return String.format(
          Locale.ROOT,
          "Of output '%s' %.1f %% of the elements are equal on %s, less than half.",
          worst.output(),
          100 * worst.equalElements().get(),
          count(samples, "sample"));
    }
    return "Output '%s' has %s on %s, less than %s."
        .formatted(
            worst.output(), words(worst.sqnr().rank()), count(samples, "sample"), words(leastDb));
  }

  private static String named(List<String> names) {
    String first =
        names.stream().limit(MOST_NAMED).map(name -> "'" + name + "'").collect(joining(", "));
    return names.size() > MOST_NAMED ? first + ", ..." : first;
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private Tree tree() {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("runtime", Tree.of(runtime));
    fields.put("samples", Tree.of(samples));
    fields.put("leastSqnrDb", Tree.of(leastDb));
    fields.put("outputs", figures(outputs));
    asPlanned.ifPresent(before -> fields.put("asPlanned", figures(before)));
    List<Tree> kept = new ArrayList<>();
    keptFloat.forEach(
        (name, decibels) -> {
          Map<String, Tree> node = new LinkedHashMap<>(Map.of("name", Tree.of(name)));
          if (Double.isFinite(decibels)) {
            node.put("sqnrDb", Tree.of(decibels));
          }
          kept.add(Tree.of(node));
        });
    fields.put("keptFloat", Tree.of(kept));
    return Tree.of(fields);
  }

  private static Tree figures(List<OutputFigures> outputs) {
    List<Tree> trees = new ArrayList<>();
    for (OutputFigures each : outputs) {
      Map<String, Tree> fields = new LinkedHashMap<>(Map.of("name", Tree.of(each.output())));
      fields.putAll(each.tree().entries());
      trees.add(Tree.of(fields));
    }
    return Tree.of(trees);
  }
}
