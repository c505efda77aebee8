package dev.octet.tck.check;

import dev.octet.api.error.OctetException;
import java.util.concurrent.Callable;

/** That something is refused as prescribed: by an error of Octet with an id. */
final class Refused {

  private Refused() {}

  /**
   * Demands that a call is refused with an id.
   *
   * @throws Violation if it returns, or is refused with another
   */
  static void with(String id, Callable<?> call) throws Exception {
    Object answer;
    try {
      answer = call.call();
    } catch (OctetException e) {
      if (e.id().equals(id)) {
        return;
      }
      throw Violation.of("it is refused with %s and not with %s: %s", e.id(), id, e);
    }
    throw Violation.of("it is not refused with %s; the answer is %s", id, answer);
  }
}
