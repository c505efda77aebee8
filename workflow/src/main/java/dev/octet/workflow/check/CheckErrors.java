package dev.octet.workflow.check;

import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.FindingId;

/** Findings of checking quantized models. */
final class CheckErrors {

  static final FindingId FAR_FROM_FLOAT =
      FindingId.warning(
          "OCT-CHK-101",
          "A quantized model gives something else than the float model.",
          "Look with 'octet compare' where the error enters, and keep these nodes in float or give"
              + " them more bits.");

  static final FindingId MENDED =
      FindingId.warning(
          "OCT-CHK-102",
          "Nodes were kept in float because the model gave something else with them quantized.",
          "Accept it, or quantize as planned with --as-planned.");

  static final FindingId NOT_CHECKED =
      FindingId.warning(
          "OCT-CHK-103",
          "A quantized model could not be run beside the float model.",
          "Evaluate it on the runtime that it is for.");

  static final FindingId CHECKED_ELSEWHERE =
      FindingId.warning(
          "OCT-CHK-104",
          "A quantized model was checked on another runtime than Octet's kernels, and nothing was"
              + " mended.",
          "Read the figures as those of that runtime; keep nodes in float by 'exclude' where they"
              + " are bad.");

  static final FindingId FIXED_GRID =
      FindingId.warning(
          "OCT-CHK-105",
          "Fixed grids of the backend do not fit the values that samples give: they are clipped, or"
              + " use less than a tenth of the steps.",
          "Keep the nodes that give these values in float, or choose a backend or an option with"
              + " more bits for them.");

  static final FindingId CLIPPED =
      FindingId.warning(
          "OCT-CHK-106",
          "More than 1 % of the elements of values lie outside of the ranges that observers chose.",
          "Choose another observer, such as min-max, or leave these values float.");

  static final FindingId FEW_BITS =
      FindingId.info(
          "OCT-CHK-107",
          "Probabilities are so small, or so many in a row, that 8 bits are few for them.",
          "Keep the Softmax and what reads it in float, or give them 16 bits where the backend has"
              + " them.");

  private CheckErrors() {}

  /** Says how far a model is from float. */
  static Finding farFromFloat(String message) {
    return FAR_FROM_FLOAT.about(message);
  }

  /** Says what was kept in float. */
  static Finding mended(String message) {
    return MENDED.about(message);
  }
}
