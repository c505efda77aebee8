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

  static final ErrorId UNKNOWN_OPERATOR =
      ErrorId.input(
          "OCT-RULE-003",
          "A rule names an operator that ONNX does not have.",
          "Correct the name, or write an operator of one's own with its domain, as com.acme.Name.");

  static final ErrorId UNKNOWN_POINT =
      ErrorId.input(
          "OCT-RULE-004",
          "A rule names an operand or a result that no operator of its step has.",
          "Count from 0.");

  static final ErrorId UNKNOWN_ATTRIBUTE =
      ErrorId.input(
          "OCT-RULE-005",
          "A rule names an attribute that its operator does not have in any operator set.",
          "Correct the name; for steps of several operators use whereOperatorIs.");

  static final ErrorId ATTRIBUTE_TYPE =
      ErrorId.input(
          "OCT-RULE-006",
          "A rule reads an attribute as another type than its own.",
          "Use attributeIn for integers, floatAttributeIs for floats, textAttributeIn for text.");

  static final ErrorId ABSENT_ATTRIBUTE =
      ErrorId.input(
          "OCT-RULE-007",
          "A rule asks for the value of an attribute, and nothing says what an absent one means.",
          "Use any(attributeIn(...), absentAttribute(...)) where an absent one will do, or add"
              + " not(absentAttribute(...)) where it will not.");

  static final ErrorId FOREIGN_EXAMPLE =
      ErrorId.input(
          "OCT-RULE-008",
          "The nodes of an example have operators that no match of its rule has.",
          "Name one node for each step that is taken, in the order of the pattern's steps.");

  private RuleErrors() {}
}
