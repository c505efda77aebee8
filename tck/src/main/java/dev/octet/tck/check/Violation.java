package dev.octet.tck.check;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** That a case of a rule found the rule broken. The message says what was demanded and found. */
public final class Violation extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private Violation(String message) {
    super(message, null, false, false);
  }

  /** Makes one from a format of {@link String#format}, with the digits of {@link Locale#ROOT}. */
  public static Violation of(String format, @Nullable Object... values) {
    return new Violation(String.format(Locale.ROOT, format, values));
  }
}
