package dev.octet.kernels.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.error.OctetException;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ParameterRuleTest {

  private static final QuantizedType INT8 = QuantizedType.of(Storage.INT8);
  private static final QuantizedType UINT8 = QuantizedType.of(Storage.UINT8);

  private static QuantizationParameters affine(float min, float max, QuantizedType type) {
    return ParameterRule.of(type, Scheme.affine()).choose(min, max);
  }

  @Test
  void putsZeroOnAnInteger() {
    assertEquals(QuantizationParameters.of(1f, -27), affine(-101f, 154f, INT8));
    assertEquals(QuantizationParameters.of(1f, 101), affine(-101f, 154f, UINT8));
  }

  @Test
  void widensTheRangeToHoldZero() {
    assertEquals(QuantizationParameters.of(2f, -128), affine(100f, 510f, INT8));
    assertEquals(QuantizationParameters.of(2f, 127), affine(-510f, -100f, INT8));
  }

  @Test
  void usesTheScaleFloorWhereTheRangeIsEmpty() {
    assertEquals(
        QuantizationParameters.of(NumericProfile.FLOAT32_EPSILON, -128), affine(0f, 0f, INT8));
    assertEquals(
        QuantizationParameters.of(NumericProfile.FLOAT32_EPSILON, -128), affine(-0f, -0f, INT8));
  }

  @Test
  void roundsTheZeroPointHalfToEven() {
    assertEquals(QuantizationParameters.of(1f, -126), affine(-2.5f, 252.5f, INT8));
    assertEquals(QuantizationParameters.of(1f, -124), affine(-3.5f, 251.5f, INT8));
  }

  @Test
  void centresASymmetricRange() {
    QuantizedType narrow = new QuantizedType(Storage.INT8, -127, 127);
    assertEquals(
        QuantizationParameters.of(2f, 0),
        ParameterRule.of(narrow, Scheme.symmetric()).choose(-254f, 3f));
    assertEquals(
        QuantizationParameters.of(2f, 0),
        ParameterRule.of(INT8, Scheme.symmetric()).choose(-3f, 255f));
    assertEquals(
        QuantizationParameters.of(2f, 128),
        ParameterRule.of(UINT8, Scheme.symmetric()).choose(-3f, 255f));
  }

  @Test
  void agreesWithExactArithmetic() {
    long seed = 4711;
    Random random = new Random(seed);
    for (int draw = 0; draw < 20_000; draw++) {
      Storage storage = Storage.values()[random.nextInt(Storage.values().length)];
      QuantizedType type = QuantizedType.of(storage);
      float a = (float) Math.scalb(random.nextGaussian(), random.nextInt(30) - 15);
      float b = (float) Math.scalb(random.nextGaussian(), random.nextInt(30) - 15);
      float min = Math.min(a, b);
      float max = Math.max(a, b);
      assertEquals(
          exactAffine(min, max, type),
          affine(min, max, type),
          () -> "seed " + seed + ": " + min + ".." + max + " " + type);
    }
  }

  private static QuantizationParameters exactAffine(float min, float max, QuantizedType type) {
    BigDecimal low = new BigDecimal(min).min(BigDecimal.ZERO);
    BigDecimal high = new BigDecimal(max).max(BigDecimal.ZERO);
    BigDecimal steps = float32(BigDecimal.valueOf(type.max() - type.min()));
    BigDecimal scale =
        float32(divide(float32(high.subtract(low)), steps)).max(new BigDecimal(0x1p-23f));
    BigDecimal below = float32(divide(low, scale)).setScale(0, RoundingMode.HALF_EVEN);
    BigDecimal zero =
        BigDecimal.valueOf(type.min())
            .subtract(below)
            .max(BigDecimal.valueOf(type.min()))
            .min(BigDecimal.valueOf(type.max()));
    return QuantizationParameters.of(scale.floatValue(), zero.longValueExact());
  }

  private static BigDecimal divide(BigDecimal a, BigDecimal b) {
    return a.divide(b, new MathContext(60, RoundingMode.DOWN));
  }

  private static BigDecimal float32(BigDecimal exact) {
    return new BigDecimal(Float.parseFloat(exact.toString()));
  }

  @Test
  void refusesARangeWhoseScaleLeavesFloat32() {
    OctetException e =
        assertThrows(OctetException.class, () -> affine(-Float.MAX_VALUE, Float.MAX_VALUE, INT8));
    assertEquals("OCT-QUANT-001", e.id());
  }

  @Test
  void refusesARangeThatIsNotFinite() {
    assertThrows(IllegalArgumentException.class, () -> affine(Float.NaN, 1f, INT8));
    assertThrows(IllegalArgumentException.class, () -> affine(0f, Float.POSITIVE_INFINITY, INT8));
    assertThrows(IllegalArgumentException.class, () -> affine(1f, 0f, INT8));
  }
}
