package dev.octet.api.guard;

import dev.octet.api.error.ErrorId;

/** Errors of code that others wrote. */
final class GuardErrors {

  static final ErrorId SERVICE_FAILED =
      ErrorId.backend(
          "OCT-REG-006",
          "A backend or model format failed: it threw an error of another type, or returned null or"
              + " something that contradicts itself.",
          "Report it to its vendor; --verbose prints where it failed.");

  static final ErrorId INTERRUPTED =
      ErrorId.backend(
          "OCT-REG-008",
          "A backend or model format was interrupted while it worked.",
          "Start it again; nothing of it is kept.");

  static final ErrorId OUT_OF_SPAN =
      ErrorId.backend(
          "OCT-REG-009",
          "A backend keeps what it was given for one call, and changes it when the call is over or on another thread.",
          "Let it mark and adjust inside the call, on the thread that calls it.");

  private GuardErrors() {}
}
