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
          "Evaluate a model whose outputs are floats, integers or truth values.");

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
          "A figure is no number, and left out: outputs hold NaN or infinities, or the reference is"
              + " zero everywhere.",
          "Look at the outputs with 'octet run'.");

  static final FindingId LOSING_LAYERS =
      FindingId.warning(
          "OCT-CLI-102",
          "Most of what a quantized model loses goes back to some of its layers.",
          "Leave these layers float, by a filter or a policy, or give them more bits.");

  static final FindingId CLIPPED_INPUT =
      FindingId.warning(
          "OCT-CLI-103",
          "More than 1 % of the elements of an input lie outside of the range that it was"
              + " calibrated for.",
          "Compare the steps of the data with those of the calibration data.");

  static final FindingId UNUSED_RANGE =
      FindingId.warning(
          "OCT-CLI-104",
          "The data uses less than a tenth of the range that an input was calibrated for.",
          "Compare the steps of the data with those of the calibration data.");

  static final FindingId CLIPPED_VALUES =
      FindingId.warning(
          "OCT-CLI-106",
          "More than 1 % of the elements of values inside of a model lie outside of the ranges that"
              + " they were calibrated for.",
          "Calibrate with data like this, or leave these values float.");

  static final FindingId UNUSED_VALUES =
      FindingId.warning(
          "OCT-CLI-107",
          "Values inside of a model cover less than a tenth of the ranges that they are quantized"
              + " to.",
          "Compare the data with that of the calibration; a fixed grid of the backend may not fit"
              + " these values.");

  static final ErrorId BAD_REQUIREMENT =
      ErrorId.usage(
          "OCT-CLI-031",
          "A requirement is not written as a figure, an operator and a number.",
          "Write a requirement such as 'top1-drop<=0.01' or 'sqnr:OUTPUT>=20'.");

  static final ErrorId UNTOLD_FIGURE =
      ErrorId.usage(
          "OCT-CLI-032",
          "A requirement is about a figure that the evaluation does not have.",
          "Give what the figure is counted from, or leave the requirement out.");

  private EvaluationErrors() {}
}
