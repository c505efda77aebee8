package dev.octet.api.runtime;

import dev.octet.api.error.ErrorId;

/** Errors of running a loaded model, which every runtime throws alike. */
public final class RunErrors {

  static final ErrorId UNKNOWN_INPUT =
      ErrorId.usage(
          "OCT-RUN-001",
          "The tensors that are given are not those of the model's inputs.",
          "Give one tensor for each input of the model.");

  static final ErrorId UNFIT_INPUT =
      ErrorId.usage(
          "OCT-RUN-002",
          "A tensor has not the type or the shape of the model's input.",
          "Give an array of that type and shape.");

  private RunErrors() {}
}
