package dev.octet.tck.broken;

import dev.octet.api.provider.QuantizerProvider;
import java.util.concurrent.Callable;

/**
 * A backend of which one method fails.
 *
 * @param words what a message says of it
 * @param backend the backend
 */
public record FaultyBackend(String words, QuantizerProvider backend) {

  /** Makes one of which a method of the provider does something else. */
  public static FaultyBackend provider(String method, Callable<?> instead) {
    return new FaultyBackend("failed in " + method, WrongErrors.provider(method, instead));
  }

  /** Makes one of which a method of the quantizer does something else. */
  public static FaultyBackend quantizer(String method, Callable<?> instead) {
    return new FaultyBackend("failed in " + method, WrongErrors.quantizer(method, instead));
  }

  @Override
  public String toString() {
    return words;
  }
}
