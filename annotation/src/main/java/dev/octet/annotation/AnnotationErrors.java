package dev.octet.annotation;

import dev.octet.api.error.ErrorId;

/** Errors of composing quantizers. */
final class AnnotationErrors {

  static final ErrorId CLAIMED_BY_SEVERAL =
      ErrorId.quantization(
          "OCT-ANN-011",
          "Several quantizers claim one node.",
          "Exclude the node from all of them but one.");

  static final ErrorId REPLACED_DIFFERENTLY =
      ErrorId.quantization(
          "OCT-ANN-012",
          "Two quantizers replace the spec of one group differently.",
          "Let one of the two replace it, or both by the same spec.");

  static final ErrorId SET_DIFFERENTLY =
      ErrorId.quantization(
          "OCT-ANN-013",
          "Two quantizers set the parameters of one group differently.",
          "Let one of the two set them, or both set the same.");

  static final ErrorId MARKED_BY_SEVERAL =
      ErrorId.quantization(
          "OCT-ANN-014",
          "Several quantizers mark one input or output of the model differently.",
          "Let one of them mark it, or all by the same spec.");

  private AnnotationErrors() {}
}
