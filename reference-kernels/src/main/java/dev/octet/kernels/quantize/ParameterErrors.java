package dev.octet.kernels.quantize;

import dev.octet.api.error.ErrorId;

/** Errors of choosing scales and zero points. */
final class ParameterErrors {

  static final ErrorId TOO_WIDE =
      ErrorId.quantization(
          "OCT-QUANT-001",
          "A range is wider than the largest float32.",
          "Exclude the value from quantization, or find out which operator makes such numbers.");

  static final ErrorId BEYOND_GRID =
      ErrorId.quantization(
          "OCT-QUANT-002",
          "A range needs a larger scale than the scale grid of its scheme has.",
          "Exclude the value from quantization, watch it by an observer that cuts its range, or use another grid.");

  private ParameterErrors() {}
}
