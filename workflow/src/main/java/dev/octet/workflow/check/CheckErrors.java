package dev.octet.workflow.check;

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

  private CheckErrors() {}
}
