package dev.octet.tck.check;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * One case of a rule.
 *
 * @param name tells it from the other cases of the rule; the same in every run with one seed
 * @param body what is tried; returns when the rule holds
 * @param smaller cases of the same kind with smaller sizes, the smallest first, that are tried when
 *     this one fails
 */
public record TckCase(String name, Body body, Supplier<List<TckCase>> smaller) {

  /** What a case tries. */
  @FunctionalInterface
  public interface Body {
    /**
     * Tries it.
     *
     * @throws Violation if the rule is broken
     * @throws Exception if the kit or the backend fails in another way
     */
    void run() throws Exception;
  }

  /** Checks that nothing is null. */
  public TckCase {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(smaller, "smaller");
  }

  /** Makes a case that is as small as it gets. */
  public static TckCase of(String name, Body body) {
    return new TckCase(name, body, List::of);
  }
}
