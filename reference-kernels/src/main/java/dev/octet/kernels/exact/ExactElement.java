package dev.octet.kernels.exact;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Objects;

/**
 * The exact value of one element before it is rounded to an integer and the zero point is added,
 * and how far float32 arithmetic may be from it.
 *
 * <p>Let the value be a sum of K terms, divided by the result's scale: {@code v = (sum t_k) / s_y},
 * with {@code t_k = x_k * w_k} (products), or {@code t_k = x_k} (sums and means), x and w being
 * dequantized integers, and one more term for a bias. Computed in float32, in any order, with or
 * without fused multiply-adds, each term passes through at most: one rounding for each of its two
 * factors when they are dequantized, one for the product, K additions, one division by a count, one
 * by {@code s_y}, and one for a bias scale that is a rounded product. With {@code u = 2^-24} and
 * {@code gamma_n = n * u / (1 - n * u)} (Higham, Accuracy and Stability of Numerical Algorithms,
 * lemma 3.1), the computed value c satisfies
 *
 * <pre>|c - v| &lt;= gamma_(K + 6) * (sum |t_k|) / s_y</pre>
 *
 * <p>Where the zero point z is added before rounding to an integer, one more rounding of {@code v +
 * z} counts: {@code u * |v + z|}. Subnormal numbers and overflow are left out. The integer kernels,
 * whose sums are exact, are inside the same bound: {@code float32(acc) * m} has four roundings.
 *
 * @param value {@code v}, to 60 digits; exact where it is a half
 * @param magnitude {@code (sum |t_k|) / s_y}
 * @param terms K
 * @param zeroPoint the zero point z of the integer that the element becomes; 0 for a float
 */
public record ExactElement(BigDecimal value, BigDecimal magnitude, int terms, long zeroPoint) {

  /** Digits of quotients: far beyond what float32 can tell apart. */
  static final MathContext DIGITS = new MathContext(60, RoundingMode.HALF_EVEN);

  private static final int OTHER_ROUNDINGS = 6;
  private static final BigDecimal UNIT = BigDecimal.ONE.divide(BigDecimal.valueOf(1L << 24));
  private static final BigDecimal HALF = new BigDecimal("0.5");

  /** Checks that no component is null and that K is small enough for the bound to hold. */
  public ExactElement {
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(magnitude, "magnitude");
    if (terms < 0 || terms >= (1 << 23)) {
      throw new IllegalArgumentException(terms + " terms are outside 0..2^23");
    }
  }

  /** Returns {@code gamma_(K + 6) * magnitude + u * |v + z|}. */
  public BigDecimal bound() {
    BigDecimal n = UNIT.multiply(BigDecimal.valueOf(terms + (long) OTHER_ROUNDINGS));
    BigDecimal gamma = n.divide(BigDecimal.ONE.subtract(n), DIGITS);
    BigDecimal shifted = value.add(BigDecimal.valueOf(zeroPoint)).abs();
    return gamma.multiply(magnitude).add(UNIT.multiply(shifted));
  }

  /** Returns {@code clamp(rne(v) + z)}: the integer of exact arithmetic. */
  public long rounded(long min, long max) {
    BigDecimal q = value.setScale(0, RoundingMode.HALF_EVEN).add(BigDecimal.valueOf(zeroPoint));
    return q.max(BigDecimal.valueOf(min)).min(BigDecimal.valueOf(max)).longValueExact();
  }

  /**
   * Tells whether the value lies within the bound of a half, so that float32 arithmetic may round
   * it to either side.
   */
  public boolean isTie() {
    BigDecimal fraction = value.subtract(value.setScale(0, RoundingMode.FLOOR));
    return fraction.subtract(HALF).abs().compareTo(bound()) <= 0;
  }

  /**
   * Tells whether float32 arithmetic within the bound may give an integer: {@code |q - z - v| <=
   * 1/2 + bound}, or the same for a value beyond the end of the range that the integer is.
   */
  public boolean explains(long integer, long min, long max) {
    BigDecimal distance = BigDecimal.valueOf(integer - zeroPoint).subtract(value);
    if (distance.abs().compareTo(HALF) <= 0) {
      // Whatever the bound is; it takes a division, and most integers are the nearest.
      return integer >= min && integer <= max;
    }
    BigDecimal reach = HALF.add(bound());
    boolean notAbove = distance.compareTo(reach) <= 0 || integer == min;
    boolean notBelow = distance.negate().compareTo(reach) <= 0 || integer == max;
    return notAbove && notBelow && integer >= min && integer <= max;
  }
}
