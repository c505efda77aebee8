package dev.octet.workflow.evaluate;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.workflow.data.DataSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far the outputs of a model are from those of a reference, taken run by run: what an {@link
 * Evaluation} says of them, for callers that run the models themselves. Not thread-safe.
 */
public final class OutputErrors {

  private final Map<String, RowMeasure> measures;
  private final Difference difference;

  private OutputErrors(Map<String, RowMeasure> measures) {
    this.measures = measures;
    this.difference = new Difference(measures);
  }

  /**
   * Starts with no runs.
   *
   * @param reference the model that is compared with
   * @param data the samples, whose labels and tokens say what the first output is
   */
  public static OutputErrors of(Model reference, DataSource data) {
    return new OutputErrors(RowMeasure.of(reference, Scoring.of(data).classes()));
  }

  /** Returns another one for the same model and data, without runs. */
  public OutputErrors anew() {
    return new OutputErrors(measures);
  }

  /**
   * Adds a run of both models.
   *
   * @param samples how many samples it has
   * @param tokens how many tokens of each are scored, where they are sequences of tokens
   * @param expected the outputs of the reference, by name
   * @param results those of the model; {@code OCT-CLI-009} if one has another number of elements,
   *     {@code OCT-CLI-010} if one is no number that can be compared
   */
  public void add(
      int samples,
      Optional<int[]> tokens,
      Map<String, Tensor> expected,
      Map<String, Tensor> results) {
    Optional<int[]> positions = tokens;
    for (String name : measures.keySet()) {
      double[] reference = OutputElements.of(name, Evaluation.output(expected, name));
      difference.add(name, samples, positions, reference, Evaluation.output(results, name));
      positions = Optional.empty();
    }
  }

  /**
   * Tells whether an error of {@link #add} says that an output has another number of elements than
   * that of the reference, as where values decide how many there are.
   */
  public static boolean isOfOtherSizes(OctetException error) {
    return Evaluation.isOtherReference(error);
  }

  /** Returns the figures of every output, in the order of the model. */
  public List<OutputFigures> figures() {
    return difference.figures();
  }

  /**
   * Returns the output with the least signal to noise, the first of equal ones; where none has
   * that, the one with the least equal elements.
   */
  public static OutputFigures worst(List<OutputFigures> figures) {
    return Difference.worst(figures);
  }
}
