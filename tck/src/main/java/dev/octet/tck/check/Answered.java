package dev.octet.tck.check;

import dev.octet.api.error.OctetException;

/** Cases in which an error of the backend is what breaks the rule. */
final class Answered {

  private Answered() {}

  /** Makes a case that fails, with the error's words, where Octet refuses what the backend does. */
  static TckCase on(String name, TckCase.Body body) {
    return TckCase.of(
        name,
        () -> {
          try {
            body.run();
          } catch (OctetException e) {
            throw Violation.of("%s", e.getMessage());
          }
        });
  }
}
