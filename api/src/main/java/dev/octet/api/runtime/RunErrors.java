package dev.octet.api.runtime;

import dev.octet.api.error.ErrorId;

/** Errors of running a loaded model, which every runtime throws alike. */
final class RunErrors {

  static final ErrorId UNKNOWN_INPUT =
      ErrorId.usage(
          "OCT-RUN-001",
          "A tensor is given for an input that the model does not have.",
          "Give one tensor for each input of the model.");

  static final ErrorId UNFIT_INPUT =
      ErrorId.usage(
          "OCT-RUN-002",
          "A tensor has not the type or the shape of the model's input.",
          "Give an array of that type and shape.");

  static final ErrorId MISSING_INPUT =
      ErrorId.usage(
          "OCT-RUN-006",
          "An input of the model is given no tensor.",
          "Give one tensor for each input of the model.");

  static final ErrorId CANCELLED =
      ErrorId.usage(
          "OCT-RUN-007",
          "The caller cancelled the work.",
          "Start it again when it is wanted; nothing of it is kept.");

  static final ErrorId REFUSED_NODES =
      ErrorId.backend(
          "OCT-GRAPH-001",
          "The graph has nodes that the runtime cannot run.",
          "Run the model on the runtime of another backend, with --runtime NAME where a command"
              + " takes it, or replace these operators.");

  private RunErrors() {}
}
