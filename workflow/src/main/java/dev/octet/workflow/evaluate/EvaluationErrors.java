package dev.octet.workflow.evaluate;

import dev.octet.api.error.ErrorId;
import dev.octet.api.quantizer.FindingId;

/** Errors and findings of evaluating models. */
final class EvaluationErrors {

  static final ErrorId OTHER_REFERENCE =
      ErrorId.input(
          "OCT-CLI-009",
          "The model and its reference have different inputs or outputs.",
          "Compare a model with the one it was made from.");

  static final ErrorId NO_NUMBERS =
      ErrorId.backend(
          "OCT-CLI-010",
          "An output is of a type that cannot be compared.",
          "Evaluate a model whose outputs are float32, float64 or integers.");

  static final ErrorId LABEL_RANGE =
      ErrorId.input(
          "OCT-CLI-011",
          "A label is no class of the model.",
          "Add a labelMap to the data description, or correct the labels.");

  static final ErrorId TOKEN_SCORES =
      ErrorId.input(
          "OCT-CLI-013",
          "The tokens do not belong to the language model.",
          "Give tokens to a language model that they belong to.");

  static final FindingId NO_SQNR =
      FindingId.warning(
          "OCT-CLI-101",
          "The SQNR is no finite number: outputs hold NaN or infinities, or the reference is zero"
              + " everywhere.",
          "Look at the outputs with 'octet run'.");

  static final FindingId LOSING_LAYERS =
      FindingId.warning(
          "OCT-CLI-102",
          "Most of what a quantized model loses goes back to some of its layers.",
          "Leave these layers float, by a filter or a policy, or give them more bits.");

  private EvaluationErrors() {}
}
