package com.lyra.octet;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * A factor as the chip has it, 31 bits and a shift: {@code multiplier / 2^shift}. Octet's profile
 * {@code fixed-point-single-rounding}.
 *
 * @param multiplier in [2^30, 2^31)
 * @param shift at least 1
 */
record FixedPoint(long multiplier, int shift) {

  private static final int BITS = 31;
  private static final MathContext DIGITS = new MathContext(60);
  private static final BigInteger LOWEST = BigInteger.valueOf(Byte.MIN_VALUE);
  private static final BigInteger HIGHEST = BigInteger.valueOf(Byte.MAX_VALUE);

  /**
   * Returns {@code x * w / y}, rounded once to 31 bits, ties away from zero.
   *
   * @throws Kernel.Unfit if it is 2^29 or more
   */
  static FixedPoint of(float x, float w, float y) {
    BigDecimal factor =
        new BigDecimal(x).multiply(new BigDecimal(w)).divide(new BigDecimal(y), DIGITS);
    int shift = BITS - 1 - Math.getExponent(factor.doubleValue());
    if (shift < 2) {
      throw new Kernel.Unfit("a factor of " + factor.doubleValue() + " is too large");
    }
    long multiplier = scaled(factor, shift);
    if (multiplier < 1L << (BITS - 1)) {
      return new FixedPoint(scaled(factor, shift + 1), shift + 1);
    }
    return multiplier == 1L << BITS
        ? new FixedPoint(multiplier / 2, shift - 1)
        : new FixedPoint(multiplier, shift);
  }

  private static long scaled(BigDecimal factor, int shift) {
    return factor
        .multiply(new BigDecimal(BigInteger.ONE.shiftLeft(shift)))
        .setScale(0, RoundingMode.HALF_UP)
        .longValueExact();
  }

  /** Returns {@code clamp(floor(acc * factor + 1/2) + zero)}. */
  byte requantize(long acc, int zero) {
    BigInteger half = BigInteger.ONE.shiftLeft(shift - 1);
    BigInteger product = BigInteger.valueOf(acc).multiply(BigInteger.valueOf(multiplier));
    BigInteger steps = product.add(half).shiftRight(shift).add(BigInteger.valueOf(zero));
    return steps.max(LOWEST).min(HIGHEST).byteValueExact();
  }
}
