package dev.octet.annotation.resolve;

import dev.octet.api.error.ErrorId;

/** Errors of specs that refer to other points, and of replacing the specs of groups. */
final class ResolutionErrors {

  static final ErrorId SHARED_WITH_UNMARKED =
      ErrorId.quantization(
          "OCT-RES-001",
          "A point shares the parameters of a point that is not marked.",
          "Mark the other point, or give this one a spec of its own.");

  static final ErrorId SHARED_WITH_FLOAT =
      ErrorId.quantization(
          "OCT-RES-002",
          "A point shares the parameters of a point that is kept in float.",
          "Quantize both points, or keep both in float.");

  static final ErrorId SHARED_IN_A_CIRCLE =
      ErrorId.quantization(
          "OCT-RES-003",
          "Points share parameters only with each other, and none states a spec.",
          "Give one of the points a spec of its own.");

  static final ErrorId DERIVED_FROM_FLOAT =
      ErrorId.quantization(
          "OCT-RES-004",
          "A point is derived from one that has no parameters.",
          "Mark the source with a spec of its own, or do not derive from it.");

  static final ErrorId DERIVED_IN_A_CIRCLE =
      ErrorId.quantization(
          "OCT-RES-005",
          "Derived specs depend on each other.",
          "Give one of the points a spec that is not derived.");

  static final ErrorId NO_GROUP =
      ErrorId.quantization(
          "OCT-ANN-005",
          "A quantizer replaces the spec of a group that does not exist.",
          "Use the number of a group of the observer plan.");

  static final ErrorId OTHER_KIND =
      ErrorId.quantization(
          "OCT-ANN-008",
          "A quantizer replaces the spec of a group by one of a kind that groups do not take.",
          "Replace a group's spec by an observed or a fixed one.");

  private ResolutionErrors() {}
}
