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

  static final ErrorId LONG_NUMBER =
      ErrorId.input(
          "OCT-TREE-025",
          "A number is written with too many characters.",
          "Write it with fewer, or in quotes where it is a text.");

  static final ErrorId TOO_LARGE =
      ErrorId.input(
          "OCT-TREE-026",
          "A text is larger than the memory that the JVM may use.",
          "Give a smaller file, or more memory, for example with OCTET_OPTS=-Xmx8g.");

  static final ErrorId NO_PATH =
      ErrorId.input(
          "OCT-FILE-004",
          "A text that is to name a file cannot be the path of one.",
          "Correct the path; where it has letters beyond ASCII, set a locale of UTF-8, such as"
              + " LC_ALL=C.UTF-8.");

  private TextErrors() {}
}
