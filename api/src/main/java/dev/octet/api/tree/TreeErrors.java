package dev.octet.api.tree;

import dev.octet.api.error.ErrorId;

/** Errors of values that do not have the form that is asked for. */
final class TreeErrors {

  static final ErrorId WRONG_TYPE =
      ErrorId.input(
          "OCT-TREE-001",
          "A value is of another type than the one that belongs there.",
          "Put a value of the named type there.");

  static final ErrorId MISSING_FIELD =
      ErrorId.input("OCT-TREE-002", "A field that must be there is missing.", "Add the field.");

  static final ErrorId UNKNOWN_FIELD =
      ErrorId.input(
          "OCT-TREE-003", "A field is not known there.", "Remove the field or correct its name.");

  static final ErrorId UNKNOWN_WORD =
      ErrorId.input(
          "OCT-TREE-004",
          "A text is none of the words that may stand there.",
          "Use one of the candidates.");

  static final ErrorId OUT_OF_RANGE =
      ErrorId.input(
          "OCT-TREE-005",
          "A value has the right type and is outside of its range.",
          "Correct the value.");

  static final ErrorId UNBOUNDED_NUMBER =
      ErrorId.input(
          "OCT-TREE-007",
          "A number has more digits, or a larger exponent, than any use of it.",
          "Write a number of at most 1100 digits, with an exponent of at most 10000.");

  private TreeErrors() {}
}
