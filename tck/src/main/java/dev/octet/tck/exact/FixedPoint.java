package dev.octet.tck.exact;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * A real factor as an integer of 31 bits and a shift: {@code multiplier * 2^(shift - 31)}, the
 * multiplier in {@code [2^30, 2^31)}, or 0 for 0. Source: TFLite's {@code QuantizeMultiplier} and
 * {@code MultiplyByQuantizedMultiplier}, gemmlowp's {@code fixedpoint.h}.
 *
 * @param multiplier the integer
 * @param shift how far the product is moved to the left; negative for the right
 */
public record FixedPoint(long multiplier, int shift) {

  private static final int BITS = 31;
  private static final BigInteger LARGEST = BigInteger.valueOf(Integer.MAX_VALUE);
  private static final BigInteger SMALLEST = BigInteger.valueOf(Integer.MIN_VALUE);

  /** Returns the integer nearest to a factor, ties away from zero. */
  public static FixedPoint of(BigDecimal factor) {
    if (factor.signum() == 0) {
      return new FixedPoint(0, 0);
    }
    int shift = 0;
    BigDecimal mantissa = factor;
    BigDecimal two = BigDecimal.valueOf(2);
    BigDecimal half = new BigDecimal("0.5");
    while (mantissa.compareTo(BigDecimal.ONE) >= 0) {
      mantissa = mantissa.multiply(half);
      shift++;
    }
    while (mantissa.compareTo(half) < 0) {
      mantissa = mantissa.multiply(two);
      shift--;
    }
    long multiplier =
        mantissa
            .multiply(BigDecimal.valueOf(1L << BITS))
            .setScale(0, RoundingMode.HALF_UP)
            .longValueExact();
    return multiplier == 1L << BITS
        ? new FixedPoint(multiplier / 2, shift + 1)
        : new FixedPoint(multiplier, shift);
  }

  /** Returns {@code floor(acc * multiplier / 2^(31 - shift) + 1/2)}: one rounding. */
  public BigInteger single(BigInteger acc) {
    return halfUp(acc.multiply(BigInteger.valueOf(multiplier)), BITS - shift);
  }

  /**
   * Returns the product rounded when its high half is taken, ties towards plus infinity and
   * saturated to int32, and again when it is shifted, ties away from zero.
   */
  public BigInteger doubled(BigInteger acc) {
    BigInteger left = acc.shiftLeft(Math.max(shift, 0));
    BigInteger high = halfUp(left.multiply(BigInteger.valueOf(multiplier)), BITS);
    BigInteger narrow = high.min(LARGEST).max(SMALLEST);
    int right = Math.max(-shift, 0);
    if (right == 0) {
      return narrow;
    }
    BigInteger magnitude = halfUp(narrow.abs(), right);
    return narrow.signum() < 0 ? magnitude.negate() : magnitude;
  }

  /** Rounds a quotient by a power of two, ties towards plus infinity. */
  private static BigInteger halfUp(BigInteger value, int bits) {
    return bits <= 0
        ? value.shiftLeft(-bits)
        : value.add(BigInteger.ONE.shiftLeft(bits - 1)).shiftRight(bits);
  }
}
