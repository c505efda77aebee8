package dev.octet.workflow.verify;

import dev.octet.api.error.ErrorId;
import dev.octet.api.quantizer.FindingId;

/** Errors and findings of verifying quantized files. */
final class VerifyErrors {

  static final ErrorId NO_CLAIM =
      ErrorId.input(
          "OCT-VER-001",
          "A file does not say where it came from.",
          "Give a file that octet convert, quantize or source wrote, or the plan that it was"
              + " converted by.");

  static final ErrorId NO_PLAN =
      ErrorId.usage(
          "OCT-VER-002",
          "A file was converted by a plan, and there is none to do it again.",
          "Give the plan, which octet quantize --keep keeps.");

  static final ErrorId NO_SAMPLES =
      ErrorId.usage(
          "OCT-VER-003",
          "Samples decided about a file, and neither they nor their calibration are given.",
          "Give the calibration or the data.");

  static final FindingId OTHER_BUILD =
      FindingId.info(
          "OCT-VER-101",
          "A file was made by another build than the one that verifies it.",
          "Contents are compared in the place of bytes; to compare bytes, use that build.");

  private VerifyErrors() {}
}
