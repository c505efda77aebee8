package dev.octet.tck.check;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Tensor;
import java.util.Map;
import java.util.Optional;

/** Compares what two runs gave, bit for bit. */
final class SameResults {

  /** What a guard makes of whatever a backend throws that is no error of its own. */
  private static final String FAILED = "OCT-REG-006";

  private SameResults() {}

  /**
   * Demands that two runs gave the same.
   *
   * @param when what differs between the two, as the end of a sentence
   * @throws Violation naming the first element that is another
   */
  static void require(String when, Map<String, Tensor> before, Map<String, Tensor> now) {
    before.forEach(
        (name, tensor) -> {
          Optional<Tensor> other = Optional.ofNullable(now.get(name));
          if (!other.equals(Optional.of(tensor))) {
            throw Violation.of("output '%s' differs %s: %s", name, when, difference(tensor, other));
          }
        });
  }

  private static String difference(Tensor one, Optional<Tensor> given) {
    Tensor other = given.orElse(one);
    if (given.isEmpty() || one.elementCount() != other.elementCount()) {
      return one + " and " + given;
    }
    long[] a = one.integers();
    long[] b = other.integers();
    for (int i = 0; i < a.length; i++) {
      if (a[i] != b[i]) {
        return "element " + i + " is " + a[i] + " and then " + b[i];
      }
    }
    return one + " and " + other;
  }

  /**
   * Demands that an error is a refusal, and not an exception that a guard had to put into words.
   *
   * @param when what was tried, as the beginning of a sentence
   */
  static void requireRefusal(String when, OctetException refusal) {
    if (refusal.id().equals(FAILED)) {
      throw Violation.of(
          "%s is not refused by an error with an id, it fails: %s",
          when, String.valueOf(refusal.getMessage()));
    }
  }
}
