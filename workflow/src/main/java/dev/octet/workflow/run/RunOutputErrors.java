package dev.octet.workflow.run;

import dev.octet.api.error.ErrorId;

/** Errors of the outputs of runs. */
final class RunOutputErrors {

  static final ErrorId SAME_FILE_NAME =
      ErrorId.input(
          "OCT-CLI-004",
          "Two outputs of the model have the same file name.",
          "Rename an output of the model.");

  static final ErrorId NO_NUMPY_FORM =
      ErrorId.backend(
          "OCT-CLI-005",
          "An output is of a type that NumPy does not know.",
          "Cast the output in the model to a type that NumPy knows.");

  static final ErrorId NO_BATCH =
      ErrorId.backend(
          "OCT-CLI-008",
          "An output does not count the samples of a run.",
          "Export the model with a batch dimension of 1, or with one of any size.");

  static final ErrorId UNWRITABLE =
      ErrorId.usage(
          "OCT-CLI-018",
          "The outputs of a run cannot be written.",
          "Choose a folder that can be written to, with room for the outputs.");

  private RunOutputErrors() {}
}
