package dev.octet.tck.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FixedPointTest {

  private static final FixedPoint HALF = FixedPoint.of(new BigDecimal("0.5"));

  @Test
  void aFactorIsAMantissaOf31BitsAndAShift() {
    assertEquals(new FixedPoint(1L << 30, 0), HALF);
    assertEquals(new FixedPoint(1L << 30, 1), FixedPoint.of(BigDecimal.ONE));
    assertEquals(new FixedPoint(1L << 30, -2), FixedPoint.of(new BigDecimal("0.125")));
    assertEquals(new FixedPoint(1_610_612_736, 2), FixedPoint.of(BigDecimal.valueOf(3)));
    assertEquals(new FixedPoint(0, 0), FixedPoint.of(BigDecimal.ZERO));
  }

  @Test
  void aMantissaThatRoundsToTwoTo31IsHalved() {
    BigDecimal almostOne = BigDecimal.ONE.subtract(new BigDecimal("1e-12"));
    assertEquals(new FixedPoint(1L << 30, 1), FixedPoint.of(almostOne));
  }

  @Test
  void oneRoundingTakesTiesTowardsPlusInfinity() {
    assertEquals(BigInteger.valueOf(2), HALF.single(BigInteger.valueOf(3)));
    assertEquals(BigInteger.valueOf(-1), HALF.single(BigInteger.valueOf(-3)));
    assertEquals(BigInteger.ONE, HALF.single(BigInteger.ONE));
    assertEquals(BigInteger.ZERO, HALF.single(BigInteger.valueOf(-1)));
  }

  @Test
  void theSecondOfTwoRoundingsTakesTiesAwayFromZero() {
    FixedPoint eighth = FixedPoint.of(new BigDecimal("0.125"));
    assertEquals(BigInteger.valueOf(2), eighth.doubled(BigInteger.valueOf(12)));
    assertEquals(BigInteger.valueOf(-2), eighth.doubled(BigInteger.valueOf(-12)));
    assertEquals(BigInteger.valueOf(-1), eighth.single(BigInteger.valueOf(-12)));
  }

  @Test
  void twoRoundingsSaturateWhatDoesNotFit32Bits() {
    BigInteger least = BigInteger.valueOf(Integer.MIN_VALUE);
    FixedPoint one = new FixedPoint(Integer.MIN_VALUE, 0);
    assertEquals(BigInteger.valueOf(Integer.MAX_VALUE), one.doubled(least));
  }

  /** The formulas in 64-bit arithmetic, as the kernels of TFLite write them. */
  @Test
  void equalsTheFormulasInMachineIntegers() {
    SplittableRandom random = new SplittableRandom(31);
    for (int i = 0; i < 100_000; i++) {
      long multiplier = random.nextLong(1L << 30, 1L << 31);
      int shift = -random.nextInt(21);
      long acc = random.nextLong(-(1L << 25), 1L << 25);
      FixedPoint factor = new FixedPoint(multiplier, shift);
      BigInteger exact = BigInteger.valueOf(acc);
      int right = 31 - shift;
      long single = (acc * multiplier + (1L << (right - 1))) >> right;
      assertEquals(single, factor.single(exact).longValueExact());
      long high = (acc * multiplier + (1L << 30)) >> 31;
      assertEquals(shifted(high, -shift), factor.doubled(exact).longValueExact());
    }
  }

  private static long shifted(long value, int right) {
    long mask = (1L << right) - 1;
    long threshold = (mask >> 1) + (value < 0 ? 1 : 0);
    return (value >> right) + ((value & mask) > threshold ? 1 : 0);
  }
}
