package dev.octet.workflow.evaluate;

import dev.octet.api.quantizer.Finding;

/** Says of a figure that it is no number, where it is left out. */
final class NoNumber {

  private NoNumber() {}

  /**
   * Returns the finding.
   *
   * @param what the figure, as the beginning of a sentence
   * @param why the reason, as a clause
   */
  static Finding of(String what, String why) {
    return EvaluationErrors.NO_SQNR.about(
        what + " is no number: " + why + ". Look at the outputs with 'octet run'.");
  }
}
