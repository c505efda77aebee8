package dev.octet.workflow.text;

import dev.octet.api.error.ErrorId;

/** Errors of text files: JSON and YAML. */
final class TextErrors {

  static final ErrorId NO_JSON =
      ErrorId.input("OCT-TREE-011", "A text is not JSON.", "Correct the text.");

  static final ErrorId NAME_TWICE =
      ErrorId.input("OCT-TREE-012", "A name stands twice in one map.", "Remove one of them.");

  static final ErrorId TOO_DEEP =
      ErrorId.input("OCT-TREE-013", "A text is nested too deeply.", "Give a flatter file.");

  static final ErrorId NOT_UTF8 =
      ErrorId.input("OCT-TREE-015", "A text is not UTF-8.", "Save the file as UTF-8.");

  static final ErrorId NO_YAML =
      ErrorId.input("OCT-TREE-021", "A text is not YAML.", "Correct the text.");

  static final ErrorId TAG =
      ErrorId.input("OCT-TREE-022", "A YAML text has a tag.", "Remove the tag.");

  static final ErrorId ALIASES =
      ErrorId.input(
          "OCT-TREE-023",
          "The aliases of a YAML text lead back to themselves or grow without bound.",
          "Write the value out where it is needed.");

  static final ErrorId NO_FINITE_NUMBER =
      ErrorId.input("OCT-TREE-024", "A number is not finite.", "Give a decimal number.");

  private TextErrors() {}
}
