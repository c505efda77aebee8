package dev.octet.kernels.thread;

import dev.octet.api.error.ErrorId;

/** Errors of the threads that run kernels. */
final class WorkerErrors {

  static final ErrorId INTERRUPTED =
      ErrorId.backend(
          "OCT-RUN-003",
          "The calling thread was interrupted while a model ran.",
          "Run the model again; nothing of the interrupted run is kept.");

  private WorkerErrors() {}
}
