package dev.octet.kernels.quantize;

import dev.octet.api.error.ErrorId;

/** Errors of choosing scales and zero points. */
final class ParameterErrors {

  static final ErrorId TOO_WIDE =
      ErrorId.quantization(
          "OCT-QUANT-001",
          "A range is wider than the largest float32.",
          "Exclude the value from quantization, or find out which operator makes such numbers.");

  private ParameterErrors() {}
}
