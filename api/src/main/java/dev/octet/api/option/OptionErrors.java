package dev.octet.api.option;

import dev.octet.api.error.ErrorId;

/** Errors of options and their values. */
final class OptionErrors {

  static final ErrorId UNKNOWN_OPTION =
      ErrorId.usage(
          "OCT-OPT-001",
          "A backend or its runtime has no option of that name.",
          "See octet backends NAME.");

  static final ErrorId NO_ASSIGNMENT =
      ErrorId.usage(
          "OCT-OPT-002",
          "The text of an option is not of the form name=value.",
          "Write for example per-channel=true.");

  static final ErrorId UNFIT_VALUE =
      ErrorId.usage(
          "OCT-OPT-003", "An option does not take that value.", "See octet backends NAME.");

  static final ErrorId GIVEN_TWICE =
      ErrorId.usage(
          "OCT-OPT-004", "An option that is given once is given more often.", "Give it once.");

  private OptionErrors() {}
}
