package dev.octet.workflow.evaluate;

import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a figure of an evaluation has to be. It is written as {@code FIGURE[:OUTPUT]>=NUMBER} or
 * {@code FIGURE[:OUTPUT]<=NUMBER}, such as {@code top1-drop<=0.01} or {@code sqnr:boxes>=20}. Where
 * outputs have the figure and none is named, it holds for each of them. A figure that is no number
 * holds no requirement. Immutable.
 *
 * @param text the requirement as it was written
 * @param figure the figure
 * @param output the output that it is about; empty for all that have the figure, or none
 * @param atLeast whether the figure is to be at least the limit, and not at most
 * @param limit the limit
 */
public record Requirement(
    String text, Figure figure, Optional<String> output, boolean atLeast, double limit) {

  private static final Pattern FORM =
      Pattern.compile(
          "\\s*([A-Za-z0-9-]+)(?::(.+))?\\s*(>=|<=)"
              + "\\s*([-+]?[0-9]+(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)\\s*",
          Pattern.DOTALL);

  /** Checks that no component is null. */
  public Requirement {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(figure, "figure");
    Objects.requireNonNull(output, "output");
  }

  /**
   * What became of a requirement.
   *
   * @param requirement the requirement
   * @param output the output that the figure is of; empty for a figure of the whole
   * @param value the figure; infinite or NaN where it is no number, or infinite SQNR where outputs
   *     are equal
   */
  public record Result(Requirement requirement, Optional<String> output, double value) {

    /** Checks that no component is null. */
    public Result {
      Objects.requireNonNull(requirement, "requirement");
      Objects.requireNonNull(output, "output");
    }

    /** Tells whether the figure is a number, or the SQNR of an output that is equal. */
    boolean isTold() {
      boolean equal = requirement.figure == Figure.SQNR && value == Double.POSITIVE_INFINITY;
      return equal || Double.isFinite(value);
    }

    /** Tells whether the requirement holds. */
    public boolean holds() {
      if (!isTold()) {
        return false;
      }
      return requirement.atLeast ? value >= requirement.limit : value <= requirement.limit;
    }
  }

  /**
   * Reads a requirement.
   *
   * @throws OctetException {@code OCT-CLI-031} if it is not written as one
   */
  public static Requirement parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw malformed(text, "'" + text + "' is no figure, operator and number", Figure.words());
    }
    String word = form.group(1);
    Figure figure =
        Figure.of(word)
            .orElseThrow(
                () ->
                    malformed(
                        text,
                        "there is no figure '" + word + "'",
                        NearMisses.of(word, Figure.words(), Figure.words().size())));
    Optional<String> output = Optional.ofNullable(form.group(2)).map(String::stripTrailing);
    if (output.isPresent() && !figure.isOfOutputs()) {
      throw malformed(text, "outputs have no '" + word + "' of their own", List.of(word));
    }
    boolean atLeast = form.group(3).equals(">=");
    return new Requirement(text, figure, output, atLeast, Double.parseDouble(form.group(4)));
  }

  private static OctetException malformed(String text, String fact, List<String> candidates) {
    return EvaluationErrors.BAD_REQUIREMENT
        .error(fact)
        .at("--require '" + text + "'")
        .candidates(candidates)
        .build();
  }

  /**
   * Checks that an evaluation will have the figure.
   *
   * @throws OctetException {@code OCT-CLI-032} if it will not
   */
  void requireTold(Figure.Given given) {
    Optional<String> missing = figure.missing(given);
    if (missing.isPresent()) {
      throw untold("'" + text + "' " + missing.get(), List.of());
    }
    RowMeasure measure = given.outputs().get(output.orElse(""));
    if (output.isPresent() && (measure == null || !figure.isOf(measure))) {
      throw untold(
          "'" + text + "' is about an output that is not there, or has no such figure",
          given.outputs().entrySet().stream()
              .filter(each -> figure.isOf(each.getValue()))
              .map(Map.Entry::getKey)
              .toList());
    }
  }

  private static OctetException untold(String fact, List<String> candidates) {
    return EvaluationErrors.UNTOLD_FIGURE
        .error(fact)
        .at("--require")
        .candidates(candidates)
        .build();
  }

  /** Returns the result for every output that the requirement is about, or for the whole. */
  List<Result> judge(Evaluation evaluation) {
    Map<String, Double> values = new LinkedHashMap<>(figure.values(evaluation));
    output.ifPresent(name -> values.keySet().retainAll(List.of(name)));
    return values.entrySet().stream()
        .map(
            each ->
                new Result(
                    this,
                    Optional.of(each.getKey()).filter(name -> figure.isOfOutputs()),
                    each.getValue()))
        .toList();
  }
}
