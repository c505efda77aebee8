package dev.octet.kernels.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.spec.NumericProfile.ZeroPointOrder;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** By hand; that the formulas are torchao's, bit for bit, is held where its results are read. */
class RoundedRuleTest {

  private static final float FLOOR = Float.MIN_NORMAL;

  private static RoundedRule int4(Mapping mapping, FloatPrecision values, FloatPrecision scales) {
    return new RoundedRule(-8, 7, mapping, values, scales, FLOOR, ZeroPointOrder.AFTER_ROUNDING);
  }

  private static RoundedRule int4(Mapping mapping) {
    return int4(mapping, FloatPrecision.FLOAT32, FloatPrecision.FLOAT32);
  }

  private static Optional<QuantizationParameters> pair(float scale, long zeroPoint) {
    return Optional.of(QuantizationParameters.of(scale, zeroPoint));
  }

  @Test
  void choosesScaleAndZeroPoint() {
    assertEquals(pair(15f / 7.5f, 0), int4(Mapping.SYMMETRIC).choose(-3f, 15f));
    assertEquals(pair(2f, 0), int4(Mapping.SYMMETRIC_NO_CLIPPING_ERR).choose(-16f, 7f));
    assertEquals(pair(1f, 0), int4(Mapping.SYMMETRIC_NO_CLIPPING_ERR).choose(-4f, 7f));
    assertEquals(pair(2f, -3), int4(Mapping.ASYMMETRIC).choose(-10f, 20f));
  }

  @Test
  void widensRangesToZeroAndKeepsTheFloor() {
    assertEquals(pair(1f, -8), int4(Mapping.ASYMMETRIC).choose(3f, 15f));
    assertEquals(pair(1f, 7), int4(Mapping.ASYMMETRIC).choose(-15f, -3f));
    for (Mapping mapping : Mapping.values()) {
      long zeroPoint = mapping == Mapping.ASYMMETRIC ? -8 : 0;
      assertEquals(pair(FLOOR, zeroPoint), int4(mapping).choose(0f, 0f));
      assertEquals(pair(FLOOR, zeroPoint), int4(mapping).choose(-0f, 0f));
    }
  }

  /** 1 / 7.5 = 0.1333: bfloat16 has 0.1328 and 0.1338. */
  @Test
  void roundsScalesToTheTypeOfTheFloatsAndThenToTheirOwn() {
    float nearest = FloatPrecision.BFLOAT16.round(1f / 7.5f);
    RoundedRule both = int4(Mapping.SYMMETRIC, FloatPrecision.BFLOAT16, FloatPrecision.FLOAT32);
    assertEquals(pair(nearest, 0), both.choose(-1f, 0f));
    RoundedRule scales = int4(Mapping.SYMMETRIC, FloatPrecision.FLOAT32, FloatPrecision.BFLOAT16);
    assertEquals(pair(nearest, 0), scales.choose(-1f, 0f));
  }

  @Test
  void givesAScaleThatItsTypeRoundsToZeroTheSmallestNormalNumber() {
    RoundedRule rule = int4(Mapping.SYMMETRIC, FloatPrecision.FLOAT32, FloatPrecision.FLOAT16);
    assertEquals(pair(0x1p-14f, 0), rule.choose(0f, 0f));
    assertEquals(Optional.empty(), rule.choose(0f, 1e6f));
  }

  @Test
  void quantizesWithTiesToEvenAndSaturates() {
    RoundedRule rule = int4(Mapping.SYMMETRIC);
    float half = rule.reciprocal(2f);
    assertEquals(0, rule.quantize(1f, half, 0));
    assertEquals(2, rule.quantize(3f, half, 0));
    assertEquals(-2, rule.quantize(-3f, half, 0));
    assertEquals(7, rule.quantize(Float.POSITIVE_INFINITY, half, 0));
    assertEquals(-8, rule.quantize(-1e30f, half, 0));
    assertEquals(-8, rule.quantize(Float.NaN, half, 0));
    assertEquals(3, rule.quantize(-0f, Float.POSITIVE_INFINITY, 3));
  }

  /** 0.5 rounds to 0, and then 1 is added; 1.5 rounds to 2. */
  @Test
  void addsTheZeroPointWhenItsOrderSays() {
    RoundedRule before =
        new RoundedRule(
            -8,
            7,
            Mapping.ASYMMETRIC,
            FloatPrecision.FLOAT32,
            FloatPrecision.FLOAT32,
            FLOOR,
            ZeroPointOrder.BEFORE_ROUNDING);
    assertEquals(2, before.quantize(0.5f, 1f, 1));
    assertEquals(1, int4(Mapping.ASYMMETRIC).quantize(0.5f, 1f, 1));
  }

  @Test
  void refusesWhatHasNoMeaning() {
    assertThrows(
        IllegalArgumentException.class, () -> int4(Mapping.SYMMETRIC).choose(Float.NaN, 1f));
    assertThrows(IllegalArgumentException.class, () -> int4(Mapping.SYMMETRIC).choose(2f, 1f));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new RoundedRule(
                    -1,
                    0,
                    Mapping.SYMMETRIC_NO_CLIPPING_ERR,
                    FloatPrecision.FLOAT32,
                    FloatPrecision.FLOAT32,
                    FLOOR,
                    ZeroPointOrder.AFTER_ROUNDING));
    assertEquals(
        "integers -1..0 have nothing above 0 for a range that is not clipped", e.getMessage());
  }
}
