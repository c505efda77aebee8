package dev.octet.api.spec;

import static java.math.BigInteger.ONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecTest {

  @ParameterizedTest
  @EnumSource(Storage.class)
  void theWholeRangeOfAStorageHasAsManyValuesAsItsBits(Storage storage) {
    BigInteger values =
        BigInteger.valueOf(storage.max()).subtract(BigInteger.valueOf(storage.min())).add(ONE);
    assertEquals(ONE.shiftLeft(storage.bits()), values);
    assertEquals(storage.signed(), storage.dataType().isSignedInteger());
    assertEquals(storage.bits(), storage.dataType().bits());
  }

  @Test
  void aRangeLiesInsideItsStorage() {
    assertThrows(IllegalArgumentException.class, () -> new QuantizedType(Storage.INT8, -129, 127));
    assertThrows(IllegalArgumentException.class, () -> new QuantizedType(Storage.UINT8, 0, 256));
    assertThrows(IllegalArgumentException.class, () -> new QuantizedType(Storage.INT8, 3, 3));
    assertEquals("int8[-127..127]", new QuantizedType(Storage.INT8, -127, 127).toString());
    assertEquals("uint8", QuantizedType.of(Storage.UINT8).toString());
  }

  @Test
  void aScaleFloorIsShownAsThePowerOfTwoThatItIs() {
    assertEquals("divide, after-rounding, scales from 2^-23", NumericProfile.onnx().toString());
    assertTrue(withFloor(0x1p-63f).endsWith("scales from 2^-63"));
    assertTrue(withFloor(1).endsWith("scales from 2^0"));
    assertTrue(withFloor(0x1.8p-20f).endsWith("scales from 1.4305115E-6"));
    assertTrue(withFloor(Float.MIN_VALUE).endsWith("scales from 1.4E-45"));
  }

  private static String withFloor(float floor) {
    return NumericProfile.onnx().withScaleFloor(floor).toString();
  }

  @ParameterizedTest
  @ValueSource(floats = {0f, -1f, Float.NaN, Float.POSITIVE_INFINITY})
  void aFixedScaleIsFiniteAndAboveZero(float scale) {
    QuantizedType type = QuantizedType.of(Storage.INT8);
    assertThrows(IllegalArgumentException.class, () -> QuantizationSpec.Fixed.of(type, scale, 0));
  }

  @Test
  void aFixedZeroPointLiesInsideTheRange() {
    QuantizedType type = new QuantizedType(Storage.INT8, -127, 127);
    assertThrows(IllegalArgumentException.class, () -> QuantizationSpec.Fixed.of(type, 1f, -128));
  }

  @Test
  void fixedScalesPerChannelAreAtLeastOne() {
    QuantizedType type = QuantizedType.of(Storage.UINT2);
    float[] two = {1f, 2f};
    QuantizationParameters fractions =
        QuantizationParameters.ofFractions(two, new float[] {1.5f, 2f});
    assertTrue(fractions.isFractional());
    assertThrows(IllegalStateException.class, () -> fractions.zeroPoint(1));
    assertThrows(IllegalStateException.class, fractions::zeroPoints);
    assertEquals(2f, fractions.realZeroPoint(1));
    assertEquals(
        new Granularity.PerChannel(1),
        QuantizationSpec.Fixed.perChannel(type, fractions, 1).granularity());
    assertThrows(IllegalArgumentException.class, () -> QuantizationSpec.Fixed.of(type, fractions));
    QuantizationParameters none = QuantizationParameters.of(new float[0], new long[0]);
    assertThrows(
        IllegalArgumentException.class, () -> QuantizationSpec.Fixed.perChannel(type, none, 0));
    QuantizationParameters outside =
        QuantizationParameters.ofFractions(two, new float[] {0f, 3.5f});
    assertThrows(
        IllegalArgumentException.class, () -> QuantizationSpec.Fixed.perChannel(type, outside, 0));
    assertEquals(
        QuantizationParameters.of(two, new long[] {1, 2}),
        QuantizationParameters.ofFractions(two, new float[] {1f, 2f}));
    assertThrows(
        IllegalArgumentException.class,
        () -> QuantizationParameters.ofFractions(two, new float[] {0f, Float.NaN}));
  }

  @Test
  void aDerivedSpecNeedsASource() {
    QuantizedType type = QuantizedType.of(Storage.INT32);
    assertThrows(
        IllegalArgumentException.class,
        () -> new QuantizationSpec.Derived(type, Derivation.productOfScales(), List.of()));
  }

  @Test
  void granularitiesCheckAxesAndSizes() {
    assertThrows(IllegalArgumentException.class, () -> new Granularity.PerChannel(-1));
    assertThrows(IllegalArgumentException.class, () -> new Granularity.PerGroup(0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Granularity.PerBlock(List.of(1L, 0L)));
  }

  @Test
  void observersAreEqualWhenNameAndParametersAre() {
    assertEquals(ObserverSpec.percentile(99.9), ObserverSpec.percentile(99.9));
    assertThrows(IllegalArgumentException.class, () -> ObserverSpec.percentile(0));
    assertThrows(IllegalArgumentException.class, () -> ObserverSpec.percentile(Double.NaN));
  }
}
