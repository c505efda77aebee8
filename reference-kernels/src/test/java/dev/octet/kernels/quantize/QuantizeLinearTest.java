package dev.octet.kernels.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.NumericProfile.Division;
import dev.octet.api.spec.NumericProfile.ZeroPointOrder;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuantizeLinearTest {

  private static final QuantizedType INT8 = QuantizedType.of(Storage.INT8);
  private static final NumericProfile ONNX = NumericProfile.onnx();

  @Test
  void roundsHalfToEvenBeforeAddingTheZeroPoint() {
    float[] ties = {-2.5f, -1.5f, -0.5f, 0.5f, 1.5f, 2.5f};
    long[] expected = {-1, -1, 1, 1, 3, 3};
    for (int i = 0; i < ties.length; i++) {
      assertEquals(expected[i], QuantizeLinear.quantize(ties[i], 1f, 1, INT8, ONNX), "" + ties[i]);
    }
  }

  @Test
  void roundsHalfToEvenAfterAddingTheZeroPointWhenTheProfileSaysSo() {
    NumericProfile before =
        NumericProfile.onnx()
            .withZeroPointOrder(ZeroPointOrder.BEFORE_ROUNDING)
            .withScaleFloor(1e-9f);
    assertEquals(0, QuantizeLinear.quantize(-0.5f, 1f, 1, INT8, before));
    assertEquals(2, QuantizeLinear.quantize(0.5f, 1f, 1, INT8, before));
    assertEquals(2, QuantizeLinear.quantize(1.5f, 1f, 1, INT8, before));
  }

  @Test
  void saturatesInfinitiesAndTurnsNanIntoTheSmallestInteger() {
    QuantizedType narrow = new QuantizedType(Storage.INT8, -127, 127);
    assertEquals(127, QuantizeLinear.quantize(Float.POSITIVE_INFINITY, 1f, 5, narrow, ONNX));
    assertEquals(-127, QuantizeLinear.quantize(Float.NEGATIVE_INFINITY, 1f, 5, narrow, ONNX));
    assertEquals(-127, QuantizeLinear.quantize(Float.NaN, 1f, 5, narrow, ONNX));
    assertEquals(127, QuantizeLinear.quantize(Float.MAX_VALUE, 1e-30f, -5, narrow, ONNX));
    assertEquals(0, QuantizeLinear.quantize(Float.MIN_VALUE, 1f, 0, narrow, ONNX));
  }

  @Test
  void agreesWithExactArithmeticForEveryStorageAndProfile() {
    long seed = 20261;
    Random random = new Random(seed);
    for (int draw = 0; draw < 40_000; draw++) {
      Storage storage = Storage.values()[random.nextInt(Storage.values().length)];
      QuantizedType type = QuantizedType.of(storage);
      float scale = (float) Math.scalb(1 + random.nextDouble(), random.nextInt(20) - 12);
      long zero = storage.bits() > Integer.SIZE ? 0 : zero(random, storage);
      float x = draw % 3 == 0 ? tie(random, scale) : value(random, scale, storage);
      for (Division division : Division.values()) {
        for (ZeroPointOrder order : ZeroPointOrder.values()) {
          NumericProfile profile =
              NumericProfile.onnx()
                  .withDivision(division)
                  .withZeroPointOrder(order)
                  .withScaleFloor(1e-9f);
          assertEquals(
              exact(x, scale, zero, type, profile),
              QuantizeLinear.quantize(x, scale, zero, type, profile),
              () ->
                  "seed " + seed + ": " + x + " / " + scale + " + " + zero + " " + type + profile);
        }
      }
    }
  }

  private static long zero(Random random, Storage storage) {
    return storage.min() + (long) (random.nextDouble() * (double) (storage.max() - storage.min()));
  }

  private static float value(Random random, float scale, Storage storage) {
    return (float) ((random.nextDouble() - 0.5) * 3 * scale * Math.scalb(1.0, storage.bits()));
  }

  private static float tie(Random random, float scale) {
    return (random.nextInt(600) - 300 + 0.5f) * scale;
  }

  /** The written rule, each operation exact and then rounded to float32. */
  private static long exact(
      float x, float scale, long zero, QuantizedType type, NumericProfile profile) {
    BigDecimal t;
    if (profile.division() == Division.DIVIDE) {
      t = float32(divide(new BigDecimal(x), new BigDecimal(scale)));
    } else {
      BigDecimal reciprocal = float32(divide(BigDecimal.ONE, new BigDecimal(scale)));
      t = float32(new BigDecimal(x).multiply(reciprocal));
    }
    BigDecimal z = BigDecimal.valueOf(zero);
    BigDecimal q =
        profile.zeroPointOrder() == ZeroPointOrder.AFTER_ROUNDING
            ? t.setScale(0, RoundingMode.HALF_EVEN).add(z)
            : float32(t.add(float32(z))).setScale(0, RoundingMode.HALF_EVEN);
    return q.max(BigDecimal.valueOf(type.min())).min(BigDecimal.valueOf(type.max())).longValue();
  }

  // A quotient of two 24-bit numbers is a float32 tie or at least 2^-50 away from one: 60 digits
  // do.
  private static BigDecimal divide(BigDecimal a, BigDecimal b) {
    return a.divide(b, new MathContext(60, RoundingMode.DOWN));
  }

  private static BigDecimal float32(BigDecimal exact) {
    return new BigDecimal(Float.parseFloat(exact.toString()));
  }

  @Test
  void dequantizesTheExactDifference() {
    assertEquals(-1.5f, QuantizeLinear.dequantize(-128, 0.0125f, -8));
    assertEquals(127.5f, QuantizeLinear.dequantize(255, 0.5f, 0));
    assertEquals(
        (float) (1L << 32), QuantizeLinear.dequantize(Integer.MAX_VALUE, 1f, Integer.MIN_VALUE));
  }

  @Test
  void quantizesPerTensorAndBack() {
    Tensor x = Tensor.of(new float[] {-1f, 0f, 0.26f, 5f}, 2, 2);
    QuantizationParameters p = QuantizationParameters.of(0.5f, 3);
    Tensor q = QuantizeLinear.quantize(x, new Granularity.PerTensor(), p, INT8, ONNX);
    assertEquals(Tensor.of(DataType.INT8, new byte[] {1, 3, 4, 13}, 2, 2), q);
    assertEquals(
        Tensor.of(new float[] {-1f, 0f, 0.5f, 5f}, 2, 2),
        QuantizeLinear.dequantize(q, new Granularity.PerTensor(), p));
  }

  @Test
  void quantizesPerChannelOfAnyAxis() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 3, 2);
    QuantizationParameters p =
        QuantizationParameters.of(new float[] {1f, 2f, 4f}, new long[] {0, 10, 20});
    Tensor q = QuantizeLinear.quantize(x, new Granularity.PerChannel(1), p, INT8, ONNX);
    assertArrayEquals(new long[] {1, 2, 12, 12, 21, 22}, q.integers());
  }

  @Test
  void quantizesGroupsWithAShorterLastOneToFourBits() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    QuantizationParameters p =
        QuantizationParameters.of(new float[] {1f, 2f, 4f, 1f}, new long[] {0, 0, 1, -2});
    QuantizedType int4 = QuantizedType.of(Storage.INT4);
    Tensor q = QuantizeLinear.quantize(x, new Granularity.PerGroup(1, 2), p, int4, ONNX);
    assertEquals(DataType.INT4, q.dataType());
    assertArrayEquals(new long[] {1, 2, 2, 2, 2, 4}, q.integers());
    assertArrayEquals(
        new float[] {1, 2, 4, 4, 4, 6},
        QuantizeLinear.dequantize(q, new Granularity.PerGroup(1, 2), p).floats());
  }

  @Test
  void quantizesBlocksOfSeveralAxes() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 3, 3);
    QuantizationParameters p =
        QuantizationParameters.of(new float[] {1f, 1f, 1f, 1f}, new long[] {0, 10, 20, 30});
    Tensor q = QuantizeLinear.quantize(x, new Granularity.PerBlock(List.of(2L, 2L)), p, INT8, ONNX);
    assertArrayEquals(new long[] {1, 2, 13, 4, 5, 16, 27, 28, 39}, q.integers());
  }

  @Test
  void quantizesScalarsAndEmptyTensors() {
    QuantizationParameters p = QuantizationParameters.of(1f, 0);
    Granularity whole = new Granularity.PerTensor();
    Tensor scalar = QuantizeLinear.quantize(Tensor.of(new float[] {2f}), whole, p, INT8, ONNX);
    assertEquals(0, scalar.rank());
    assertArrayEquals(new long[] {2}, scalar.integers());
    Tensor empty = QuantizeLinear.quantize(Tensor.of(new float[0], 2, 0), whole, p, INT8, ONNX);
    assertEquals(0, empty.elementCount());
  }

  @Test
  void givesTheSameTensorAsValueByValueAtEverySize() {
    QuantizationParameters p = QuantizationParameters.of(0.03f, -7);
    for (int size : new int[] {0, 1, 7, 8, 9, 15, 16, 17, 1000}) {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (i - size / 2) * 0.015f;
      }
      Tensor q =
          QuantizeLinear.quantize(
              Tensor.of(values, size), new Granularity.PerTensor(), p, INT8, ONNX);
      long[] integers = q.integers();
      for (int i = 0; i < size; i++) {
        assertEquals(QuantizeLinear.quantize(values[i], 0.03f, -7, INT8, ONNX), integers[i]);
      }
    }
  }

  @Test
  void refusesAWrongNumberOfPairs() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                QuantizeLinear.quantize(
                    Tensor.of(new float[6], 2, 3),
                    new Granularity.PerChannel(1),
                    QuantizationParameters.of(1f, 0),
                    INT8,
                    ONNX));
    assertTrue(e.getMessage().contains("needs 3 pairs"), e.getMessage());
  }

  @Test
  void refusesAScaleOfZero() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> QuantizationParameters.of(0f, 0));
    assertEquals("scale 0.0 is not finite and above 0", e.getMessage());
  }
}
