package dev.octet.api.text;

import java.math.BigDecimal;

/**
 * Numbers that somebody wrote. A decimal of a few characters may stand for one of a billion digits,
 * which whoever wants it whole would write out: those are no numbers here.
 */
public final class Decimals {

  /** More than the exact decimal of any float64 needs. */
  public static final int MOST_DIGITS = 1100;

  private static final int MOST_SCALE = 10_000;

  private Decimals() {}

  /**
   * Tells whether a number has at most {@value #MOST_DIGITS} digits, and its last or first one is
   * not farther than 10 000 places from the point.
   */
  public static boolean isBounded(BigDecimal number) {
    return Math.abs((long) number.scale()) <= MOST_SCALE && number.precision() <= MOST_DIGITS;
  }

  /**
   * Returns the number that a text writes.
   *
   * @throws NumberFormatException if it writes none, or one that is not {@linkplain #isBounded
   *     bounded}
   */
  public static BigDecimal parse(String text) {
    // The text of a long number is not even read: that takes the square of its length.
    if (text.length() > 2 * MOST_DIGITS) {
      throw new NumberFormatException("a number of " + text.length() + " characters");
    }
    BigDecimal number = new BigDecimal(text);
    if (!isBounded(number)) {
      throw new NumberFormatException("a number of too many digits");
    }
    return number;
  }
}
