package dev.octet.workflow.diff;

import dev.octet.api.error.ErrorId;

/** Errors of comparing files. */
final class DiffErrors {

  static final ErrorId OTHER_KINDS =
      ErrorId.usage(
          "OCT-DIFF-001",
          "Files of different kinds are compared.",
          "Give two plans, two calibrations or two models.");

  private DiffErrors() {}
}
