package dev.octet.kernels.exact;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * What an integer of a result means: {@code (q - zeroPoint) * scale}.
 *
 * @param scale the scale
 * @param zeroPoint the zero point
 */
public record ResultParameters(BigDecimal scale, long zeroPoint) {

  /** Checks that no component is null. */
  public ResultParameters {
    Objects.requireNonNull(scale, "scale");
  }

  /**
   * Returns the element whose real value is a sum, divided by a count.
   *
   * @param sum the sum
   * @param magnitude the sum of the magnitudes of its terms
   * @param count what to divide by
   * @param terms the number of terms
   */
  public ExactElement element(BigDecimal sum, BigDecimal magnitude, long count, int terms) {
    BigDecimal divisor = scale.multiply(BigDecimal.valueOf(count));
    BigDecimal value = quotient(sum, divisor);
    BigDecimal size =
        magnitude.compareTo(sum.abs()) == 0 ? value.abs() : quotient(magnitude, divisor);
    return new ExactElement(value, size, terms, zeroPoint);
  }

  /** Sums that are asked for in their own unit are many, and a division takes long. */
  private static BigDecimal quotient(BigDecimal dividend, BigDecimal divisor) {
    return divisor.compareTo(BigDecimal.ONE) == 0
        ? dividend.round(ExactElement.DIGITS)
        : dividend.divide(divisor, ExactElement.DIGITS);
  }

  /** Returns the element of a real value that has one term. */
  public ExactElement element(BigDecimal value) {
    return element(value, value.abs(), 1, 1);
  }
}
