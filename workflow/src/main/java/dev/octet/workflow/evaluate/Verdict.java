package dev.octet.workflow.evaluate;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.tree.Position;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.report.Report;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whether an evaluation holds what was required of it. Immutable.
 *
 * @param results what became of the requirements, in their order; one about several outputs has a
 *     result for each
 */
public record Verdict(List<Requirement.Result> results) {

  /** Copies the list. */
  public Verdict {
    results = List.copyOf(results);
  }

  /**
   * Checks that an evaluation will tell what is required, so that no long run is in vain.
   *
   * @param model the model that is evaluated
   * @param reference the one it is compared with
   * @param data the samples
   * @throws OctetException {@code OCT-CLI-032} if it will not
   */
  public static void requireTold(
      List<Requirement> requirements, Model model, Optional<Model> reference, DataSource data) {
    if (requirements.isEmpty()) {
      return;
    }
    Scoring scoring = Scoring.of(data);
    Map<String, RowMeasure> outputs = RowMeasure.of(reference.orElse(model), scoring.classes());
    Figure.Given given =
        new Figure.Given(scoring.labels(), scoring.tokens(), reference.isPresent(), outputs);
    requirements.forEach(requirement -> requirement.requireTold(given));
  }

  /** Judges an evaluation. */
  public static Verdict of(List<Requirement> requirements, Evaluation evaluation) {
    return new Verdict(
        requirements.stream()
            .flatMap(requirement -> requirement.judge(evaluation).stream())
            .toList());
  }

  /** Tells whether all requirements hold. */
  public boolean holds() {
    return results.stream().allMatch(Requirement.Result::holds);
  }

  /** Returns what became of a requirement as a clause, such as {@code sqnr of 'y' is 12.1}. */
  public static String words(Requirement.Result result) {
    return result.requirement().figure().word()
        + result.output().map(name -> " of '" + name + "'").orElse("")
        + " is "
        + number(result);
  }

  private static String number(Requirement.Result result) {
    if (!result.isTold()) {
      return "no number";
    }
    return Double.isInfinite(result.value())
        ? "that of equal outputs"
        : String.format(Locale.ROOT, "%.6g", result.value());
  }

  /** Adds what became of every requirement; nothing where there are none. */
  public void addTo(Report report) {
    if (results.isEmpty()) {
      return;
    }
    report.field("requirements", Tree.of(results.stream().map(Verdict::tree).toList()));
    for (Requirement.Result each : results) {
      report.line(
          "%s %s: %s"
              .formatted(each.requirement().text(), each.holds() ? "holds" : "FAILS", words(each)));
    }
  }

  private static Tree tree(Requirement.Result result) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("requirement", Tree.of(result.requirement().text()));
    fields.put("holds", Tree.of(result.holds()));
    fields.put("figure", Tree.of(result.requirement().figure().word()));
    result.output().ifPresent(name -> fields.put("output", Tree.of(name)));
    if (result.isTold()) {
      boolean equal = Double.isInfinite(result.value());
      fields.put("value", equal ? new Tree.Null(Position.ROOT) : Tree.of(result.value()));
    }
    return Tree.of(fields);
  }
}
