package dev.octet.api.observer;

import dev.octet.api.error.ErrorId;

/** Errors of the granularity that an observer is asked for. */
final class LayoutErrors {

  static final ErrorId UNFIT_GRANULARITY =
      ErrorId.quantization(
          "OCT-CAL-005",
          "A value cannot be calibrated with the granularity of its spec.",
          "Use per-tensor, or per-channel with an axis inside the tensor's rank.");

  private LayoutErrors() {}
}
