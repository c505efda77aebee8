package dev.octet.annotation.rules;

import dev.octet.api.error.ErrorId;

/** Errors of the rules of a backend. */
final class RuleErrors {

  static final ErrorId AMBIGUOUS =
      ErrorId.quantization(
          "OCT-RULE-001",
          "Two rules match one node equally well.",
          "Give one of the rules a condition that the other does not fulfil.");

  static final ErrorId UNKNOWN_WORD =
      ErrorId.input(
          "OCT-RULE-002",
          "A table of rules names something of a vendor's own that is not at hand.",
          "Read the table with the vocabulary of the provider that it comes from.");

  private RuleErrors() {}
}
