package dev.octet.workflow.check;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.evaluate.Evaluation;
import dev.octet.workflow.evaluate.LayerErrors;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.run.NamedRuntime;
import dev.octet.workflow.source.SourceQuantized;
import dev.octet.workflow.source.SourceRecipe;
import java.util.List;
import java.util.Optional;

/**
 * What came of looking at a model whose layers were rewritten before it is handed over: it is
 * evaluated beside the float model on all of some data, and where the worst output is too far from
 * float, the layers to which that goes back are left out where that is asked and does good.
 * Immutable.
 */
public final class SourceCheck {

  /** What leaving layers out must gain to be done, in decibels. */
  private static final double LEAST_GAIN = 6;

  private final SourceRecipe recipe;
  private final SourceQuantized quantized;
  private final SourceQuantized written;
  private final Evaluation evaluation;
  private final Report report;

  private SourceCheck(
      SourceRecipe recipe,
      SourceQuantized quantized,
      SourceQuantized written,
      Evaluation evaluation,
      Report report) {
    this.recipe = recipe;
    this.quantized = quantized;
    this.written = written;
    this.evaluation = evaluation;
    this.report = report;
  }

  /**
   * Checks what a recipe made of a model.
   *
   * @param original the float model
   * @param recipe the recipe
   * @param quantized what it made, before it is brought into the recipe's form
   * @param data the samples, all of which are run
   * @param settings what is good enough, and whether layers are left out where that mends the model
   * @param kernels what runs the models
   * @param execution on which threads, who hears of every batch, and what cancels it
   * @throws OctetException as {@link Evaluation#withLayers} and {@link SourceRecipe#quantize(Model,
   *     DataSource, Execution)}
   */
  public static SourceCheck of(
      Model original,
      SourceRecipe recipe,
      SourceQuantized quantized,
      DataSource data,
      CheckSettings settings,
      NamedRuntime kernels,
      Execution execution) {
    SourceCheck asMade = evaluated(original, recipe, quantized, data, kernels, execution);
    if (asMade.decibels() >= settings.leastDb()) {
      return asMade;
    }
    List<String> causes = asMade.evaluation.layers().map(LayerErrors::likelyCauses).orElseThrow();
    if (settings.mends() && !causes.isEmpty()) {
      SourceRecipe fewer = recipe.without(causes);
      SourceQuantized other = fewer.quantize(original, data, execution);
      SourceCheck mended = evaluated(original, fewer, other, data, kernels, execution);
      if (other.quantizedLayers() > 0 && mended.decibels() >= asMade.decibels() + LEAST_GAIN) {
        return mended.saying(mendedWords(causes, asMade, mended), settings);
      }
    }
    return asMade.saying(Optional.empty(), settings);
  }

  private static SourceCheck evaluated(
      Model original,
      SourceRecipe recipe,
      SourceQuantized quantized,
      DataSource data,
      NamedRuntime kernels,
      Execution execution) {
    SourceQuantized written = quantized.in(recipe.form());
    Evaluation evaluation =
        Evaluation.withLayers(kernels, written.model(), original, data, execution);
    return new SourceCheck(recipe, quantized, written, evaluation, new Report());
  }

  private SourceCheck saying(Optional<String> mended, CheckSettings settings) {
    Report words = new Report();
    mended.ifPresent(said -> words.findings(List.of(CheckErrors.mended(said))));
    if (decibels() < settings.leastDb()) {
      words.findings(List.of(CheckErrors.farFromFloat(farFromFloat(settings))));
    }
    return new SourceCheck(recipe, quantized, written, evaluation, words);
  }

  private static Optional<String> mendedWords(
      List<String> causes, SourceCheck before, SourceCheck after) {
    return Optional.of(
        "With layer%s %s quantized the worst output has %s: left out, with which it has %s."
            .formatted(
                causes.size() == 1 ? "" : "s",
                quoted(causes),
                CheckReport.words(before.decibels()),
                CheckReport.words(after.decibels())));
  }

  private String farFromFloat(CheckSettings settings) {
    List<String> causes = evaluation.layers().map(LayerErrors::likelyCauses).orElseThrow();
    String advice =
        causes.isEmpty()
            ? " No layer stands out: take more bits or smaller groups."
            : " Most of it goes back to %s: leave out with --filter '!node:NAME', or with --repair."
                .formatted(quoted(causes));
    return CheckReport.farFromFloat(evaluation.outputs(), evaluation.samples(), settings.leastDb())
        + advice;
  }

  private static String quoted(List<String> names) {
    return "'" + String.join("', '", names) + "'";
  }

  private double decibels() {
    return ResultCheck.decibels(evaluation.outputs());
  }

  /** Returns the recipe of the model that is handed over: it leaves out the layers that mend it. */
  public SourceRecipe recipe() {
    return recipe;
  }

  /** Returns the model that is handed over, before it is brought into the recipe's form. */
  public SourceQuantized quantized() {
    return quantized;
  }

  /** Returns the model that is handed over in the recipe's form. */
  public SourceQuantized written() {
    return written;
  }

  /** Returns the figures of the model in the recipe's form, beside the float model. */
  public Evaluation evaluation() {
    return evaluation;
  }

  /** Returns what was found, apart from the figures. */
  public Report report() {
    return report;
  }
}
