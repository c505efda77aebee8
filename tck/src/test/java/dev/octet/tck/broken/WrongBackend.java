package dev.octet.tck.broken;

import dev.octet.api.provider.QuantizerProvider;
import java.util.function.Supplier;

/**
 * A backend that is wrong on purpose.
 *
 * @param rule the rule that it breaks
 * @param mistake what is wrong with it
 * @param provider makes it
 * @param says what the message of the rule's first failure contains
 */
public record WrongBackend(
    String rule, String mistake, Supplier<QuantizerProvider> provider, String says) {

  @Override
  public String toString() {
    return rule + ": " + mistake;
  }
}
