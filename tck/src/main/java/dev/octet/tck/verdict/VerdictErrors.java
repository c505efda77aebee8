package dev.octet.tck.verdict;

import dev.octet.api.error.ErrorId;

/** Why a run is no proof. */
final class VerdictErrors {

  static final ErrorId NOTHING_RAN =
      ErrorId.usage(
          "OCT-TCK-002",
          "No case ran.",
          "See what --rule, --case and --exclude leave, and the names of cases in a report.");

  static final ErrorId TRUNCATED =
      ErrorId.usage("OCT-TCK-008", "Not every case ran.", "Let the run come to its end.");

  static final ErrorId CANNOT_TELL =
      ErrorId.usage(
          "OCT-TCK-009",
          "A rule concerns the backend, and the kit cannot tell right from wrong.",
          "Declare a rule of rounding that the api names, or a bound.");

  static final ErrorId NOTHING_TRIED =
      ErrorId.usage(
          "OCT-TCK-010",
          "No capability was tried.",
          "Declare what the backend quantizes in capabilities(); one of an operator is the least.");

  static final ErrorId MUST_LEFT_OUT =
      ErrorId.usage(
          "OCT-TCK-011",
          "A rule of level MUST was left out.",
          "A backend conforms when the list of --exclude has no such rule.");

  static final ErrorId NOT_EXACT =
      ErrorId.usage(
          "OCT-TCK-012",
          "The runtime declares that its integers may differ, and exact ones are required.",
          "Run without --require-exact, or declare the uses as exact.");

  private VerdictErrors() {}
}
