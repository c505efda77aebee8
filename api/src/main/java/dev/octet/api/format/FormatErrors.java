package dev.octet.api.format;

import dev.octet.api.error.ErrorId;

/** Errors of finding the format of a model. */
final class FormatErrors {

  static final ErrorId UNKNOWN_FORMAT =
      ErrorId.input(
          "OCT-FMT-001",
          "A file is a model of no format that is known.",
          "Give a model of one of these formats, or add the jar of its format.");

  static final ErrorId NO_EXTENSION =
      ErrorId.usage(
          "OCT-FMT-002",
          "The name of a model that is to be written does not say its format.",
          "Give the file the extension of one of these formats.");

  static final ErrorId NOT_READ =
      ErrorId.input(
          "OCT-FMT-005",
          "A file is of a model format that is written and never read.",
          "Give the model that the file was made from.");

  static final ErrorId UNWRITABLE =
      ErrorId.input(
          "OCT-FMT-006",
          "A model cannot be written.",
          "Choose a folder that can be written to, with room for the model.");

  static final ErrorId SEVERAL_FORMATS =
      ErrorId.usage(
          "OCT-FMT-007",
          "Several model formats recognise a file, or have the extension of one that is to be written.",
          "Leave the jars of all but one out of the class path, or give the file another extension.");

  private FormatErrors() {}
}
