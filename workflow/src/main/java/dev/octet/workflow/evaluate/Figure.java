package dev.octet.workflow.evaluate;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The figures of an evaluation that a {@link Requirement} can be about. */
public enum Figure {
  /** The share of samples whose label has the largest score, 0 to 1. */
  TOP1(Need.LABELS),
  /** How much lower it is than that of the reference. */
  TOP1_DROP(Need.LABELS_AND_REFERENCE),
  /** The mean negative log likelihood of tokens in nats. */
  NLL(Need.TOKENS),
  /** How much higher it is than that of the reference. */
  NLL_RISE(Need.TOKENS_AND_REFERENCE),
  /** The signal to noise of an output in decibels; infinite when it is equal. */
  SQNR(Need.REFERENCE),
  /** The largest difference of an element of an output. */
  LARGEST_ERROR(Need.REFERENCE),
  /** The share of rows of an output whose largest element stands in the same place, 0 to 1. */
  AGREEMENT(Need.CLASSES),
  /** The mean cosine of the rows of an output. */
  COSINE(Need.VECTORS),
  /** The share of elements of an output of indices or truth values that are equal, 0 to 1. */
  EQUAL_ELEMENTS(Need.INDICES);

  private final Need need;

  Figure(Need need) {
    this.need = need;
  }

  /** What a figure is counted from. */
  enum Need {
    LABELS("labels, and the data has none"),
    LABELS_AND_REFERENCE("labels and a reference, and one of them is missing"),
    TOKENS("tokens, and the data is none"),
    TOKENS_AND_REFERENCE("tokens and a reference, and one of them is missing"),
    REFERENCE("a reference and an output of numbers, and there is none such"),
    CLASSES(
        "a reference, and labels, tokens, names of classes or an output of two axes that ends in"
            + " Softmax, and there is none such"),
    VECTORS(
        "a reference and an output of two axes whose elements are no classes, and there is none"
            + " such"),
    INDICES(
        "a reference and an output of truth values or of integers of 32 or 64 bits, and there is"
            + " none such");

    private final String words;

    Need(String words) {
      this.words = words;
    }
  }

  /** Returns the name that requirements have for it, in small letters with hyphens. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Tells whether every output has one of its own. */
  public boolean isOfOutputs() {
    return switch (need) {
      case REFERENCE, CLASSES, VECTORS, INDICES -> true;
      case LABELS, LABELS_AND_REFERENCE, TOKENS, TOKENS_AND_REFERENCE -> false;
    };
  }

  /** Finds a figure. */
  static Optional<Figure> of(String word) {
    return Arrays.stream(values()).filter(figure -> figure.word().equals(word)).findFirst();
  }

  /** Returns the names of all. */
  static List<String> words() {
    return Arrays.stream(values()).map(Figure::word).toList();
  }

  /**
   * Returns the figure: by output where outputs have it, and otherwise under the empty name.
   * Infinite or NaN where it is no number.
   */
  Map<String, Double> values(Evaluation evaluation) {
    return switch (this) {
      case TOP1 -> whole(evaluation.top1());
      case TOP1_DROP -> difference(evaluation.referenceTop1(), evaluation.top1());
      case NLL -> whole(evaluation.negativeLogLikelihood());
      case NLL_RISE ->
          difference(
              evaluation.negativeLogLikelihood(), evaluation.referenceNegativeLogLikelihood());
      case SQNR -> each(evaluation, output -> ofNumbers(output, output.sqnr().decibels()));
      case LARGEST_ERROR -> each(evaluation, output -> ofNumbers(output, output.largestError()));
      case AGREEMENT -> each(evaluation, OutputFigures::agreement);
      case COSINE -> each(evaluation, OutputFigures::cosine);
      case EQUAL_ELEMENTS -> each(evaluation, OutputFigures::equalElements);
    };
  }

  /** Returns what is missing for it, as a clause; empty when it can be told. */
  Optional<String> missing(Given given) {
    boolean there =
        switch (need) {
          case LABELS -> given.labels();
          case LABELS_AND_REFERENCE -> given.labels() && given.reference();
          case TOKENS -> given.tokens();
          case TOKENS_AND_REFERENCE -> given.tokens() && given.reference();
          case REFERENCE -> given.reference() && given.hasNumbers();
          case INDICES -> given.reference() && given.has(RowMeasure.EQUALITY);
          case CLASSES -> given.reference() && given.has(RowMeasure.AGREEMENT);
          case VECTORS -> given.reference() && given.has(RowMeasure.COSINE);
        };
    return there ? Optional.empty() : Optional.of("needs " + need.words);
  }

  /** Tells whether an output of some rows has it. */
  boolean isOf(RowMeasure measure) {
    return switch (need) {
      case CLASSES -> measure == RowMeasure.AGREEMENT;
      case VECTORS -> measure == RowMeasure.COSINE;
      case REFERENCE -> measure != RowMeasure.EQUALITY;
      case INDICES -> measure == RowMeasure.EQUALITY;
      case LABELS, LABELS_AND_REFERENCE, TOKENS, TOKENS_AND_REFERENCE -> false;
    };
  }

  /**
   * What an evaluation is made from.
   *
   * @param outputs the outputs, with what is compared of their rows
   */
  record Given(boolean labels, boolean tokens, boolean reference, Map<String, RowMeasure> outputs) {

    boolean hasNumbers() {
      return outputs.values().stream().anyMatch(measure -> measure != RowMeasure.EQUALITY);
    }

    boolean has(RowMeasure measure) {
      return outputs.containsValue(measure);
    }
  }

  private static Map<String, Double> whole(OptionalDouble value) {
    return value.isPresent() ? Map.of("", value.getAsDouble()) : Map.of();
  }

  private static Map<String, Double> difference(OptionalDouble from, OptionalDouble to) {
    return from.isPresent() && to.isPresent()
        ? Map.of("", from.getAsDouble() - to.getAsDouble())
        : Map.of();
  }

  private static Optional<Double> ofNumbers(OutputFigures output, double figure) {
    return output.equalElements().isEmpty() ? Optional.of(figure) : Optional.empty();
  }

  private static Map<String, Double> each(
      Evaluation evaluation, Function<OutputFigures, Optional<Double>> figure) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (OutputFigures output : evaluation.outputs()) {
      figure.apply(output).ifPresent(value -> values.put(output.output(), value));
    }
    return values;
  }
}
