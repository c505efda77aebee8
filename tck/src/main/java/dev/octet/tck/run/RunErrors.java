package dev.octet.tck.run;

import dev.octet.api.error.ErrorId;

/** What goes wrong around cases. */
final class RunErrors {

  static final ErrorId SET_UP_FAILED =
      ErrorId.backend(
          "OCT-TCK-013",
          "What the backend says of itself failed before a case of the rule could begin.",
          "Look at capabilities(), runtime() and uses(): they are asked before the first case.");

  static final ErrorId NO_ANSWER =
      ErrorId.backend(
          "OCT-TCK-016",
          "A method of the backend, or its constructor, did not return.",
          "Look at the place in the code; --timeout-factor gives a slow machine more time.");

  private RunErrors() {}
}
