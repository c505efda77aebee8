package dev.octet.kernels.primitive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.graph.DataType;
import dev.octet.api.spec.NumericProfile;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.kernels.quantize.QuantizeLinear;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rows of floats become the integers that the written rules give element by element. */
class RoundingTest {

  private static final List<Saturation> SATURATIONS =
      List.of(
          new Saturation(0, -128, 127),
          new Saturation(-128, -128, 127),
          new Saturation(127, -128, 127),
          new Saturation(3, 3, 127),
          new Saturation(-5, -5, 60),
          new Saturation(7, 7, 7),
          new Saturation(0, 0, 255),
          new Saturation(255, 0, 255),
          new Saturation(128, 0, 255),
          new Saturation(-8, -8, 7),
          new Saturation(1, 0, 3));

  private static final List<Saturation> WIDE =
      List.of(
          new Saturation(0, -32768, 32767),
          new Saturation(-32768, -32768, 32767),
          new Saturation(65535, 0, 65535),
          new Saturation(0, 0, 65535));

  /** Every half from -400 to 400 with its neighbours, every power of two, and what is no number. */
  private static float[] values() {
    List<Float> values = new ArrayList<>();
    for (int halves = -800; halves <= 800; halves++) {
      float half = halves / 2f;
      values.addAll(List.of(Math.nextDown(half), half, Math.nextUp(half)));
    }
    for (int exponent = -149; exponent <= 127; exponent++) {
      float power = Math.scalb(1f, exponent);
      for (float value : new float[] {Math.nextDown(power), power, Math.nextUp(power)}) {
        values.addAll(List.of(value, -value));
      }
    }
    for (float value :
        new float[] {0f, -0f, Float.MAX_VALUE, Float.POSITIVE_INFINITY, 0x1p22f, 0x1.8p23f}) {
      values.addAll(List.of(value, -value, Math.nextDown(value), -Math.nextDown(value)));
    }
    for (int bits : new int[] {0x7F800001, 0x7FC00000, 0x7FFFFFFF, 0xFF800001, 0xFFFFFFFF}) {
      values.add(Float.intBitsToFloat(bits));
    }
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      values.add(Float.intBitsToFloat(random.nextInt()));
      values.add((float) random.nextGaussian() * 40_000f);
    }
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  private static long rule(float x, float scale, Saturation saturation) {
    return QuantizeLinear.quantize(
        x,
        scale,
        saturation.zeroPoint(),
        saturation.min(),
        saturation.max(),
        NumericProfile.onnx());
  }

  @Test
  void quantizesEveryFloatByTheRule() {
    float[] x = values();
    for (Saturation saturation : SATURATIONS) {
      for (float scale : new float[] {1f, 0.02f, 3f, 0f, 1e-40f, 1e38f, -1f, Float.NaN}) {
        byte[] q = new byte[x.length];
        Primitives.chosen().quantize(x, 0, x.length, scale, saturation, q, 0);
        for (int i = 0; i < x.length; i++) {
          assertEquals((byte) rule(x[i], scale, saturation), q[i], x[i] + " " + saturation);
        }
      }
    }
  }

  @Test
  void quantizesToSixteenBitsByTheRule() {
    float[] x = values();
    for (Saturation saturation : WIDE) {
      short[] q = new short[x.length];
      Primitives.chosen().quantize(x, 0, x.length, 0.75f, saturation, q, 0);
      for (int i = 0; i < x.length; i++) {
        assertEquals((short) rule(x[i], 0.75f, saturation), q[i], x[i] + " " + saturation);
      }
    }
  }

  @Test
  void writesNothingOutsideTheStretch() {
    float[] x = values();
    Saturation saturation = SATURATIONS.get(0);
    for (int length : new int[] {0, 1, 15, 16, 17, 1023, 1024, 1025, 2500}) {
      byte[] q = new byte[x.length];
      Primitives.chosen().quantize(x, 7, length, 0.1f, saturation, q, 7);
      for (int i = 0; i < 3000; i++) {
        boolean inside = i >= 7 && i < 7 + length;
        assertEquals(inside ? (byte) rule(x[i], 0.1f, saturation) : 0, q[i], length + " " + i);
      }
    }
  }

  /** Sums around every tie of a multiplier, the extremes, and random ones. */
  private static int[] sums(float multiplier) {
    List<Integer> sums = new ArrayList<>(List.of(0, Integer.MIN_VALUE, Integer.MAX_VALUE));
    for (int halves = -600; halves <= 600; halves++) {
      double tie = halves / 2.0 / multiplier;
      for (int near = -1; near <= 1; near++) {
        sums.add((int) tie + near);
      }
    }
    Random random = new Random(6);
    for (int i = 0; i < 5000; i++) {
      sums.add(random.nextInt() >> random.nextInt(32));
    }
    return sums.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The written rule, on its own. */
  private static byte requantized(int sum, float multiplier, Saturation saturation) {
    float low = saturation.min() - saturation.zeroPoint();
    float high = saturation.max() - saturation.zeroPoint();
    float clamped = Math.min(Math.max((float) sum * multiplier, low), high);
    return (byte) ((int) Math.rint((double) clamped) + saturation.zeroPoint());
  }

  private static final float[] MULTIPLIERS = {
    1f,
    0.5f,
    0.25f,
    0x1p-12f,
    0.0031415f,
    0.3333333f,
    1e-9f,
    1e9f,
    0f,
    -0.5f,
    Float.MIN_VALUE,
    0x1p89f,
    Math.nextUp(0x1p89f),
    Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN
  };

  @Test
  void requantizesSumsOfAChannelByTheRule() {
    for (Saturation saturation : SATURATIONS) {
      Requantizer requantizer = new Requantizer(MULTIPLIERS, saturation);
      for (int channel = 0; channel < MULTIPLIERS.length; channel++) {
        float multiplier = MULTIPLIERS[channel];
        int[] sums = sums(multiplier);
        byte[] q = new byte[sums.length + 3];
        requantizer.apply(sums, sums.length, channel, q, 3);
        for (int i = 0; i < sums.length; i++) {
          byte expected = requantized(sums[i], multiplier, saturation);
          assertEquals(expected, q[i + 3], sums[i] + " x " + multiplier + " " + saturation);
          assertEquals(expected, (byte) requantizer.apply(sums[i], channel));
        }
      }
    }
  }

  @Test
  void requantizesSumsOfNeighbouringChannelsByTheRule() {
    Random random = new Random(7);
    for (Saturation saturation : SATURATIONS) {
      for (int finite : new int[] {12, MULTIPLIERS.length}) {
        float[] multipliers = new float[40];
        int[] sums = new int[40];
        for (int i = 0; i < 40; i++) {
          multipliers[i] = MULTIPLIERS[random.nextInt(finite)];
          sums[i] = random.nextInt() >> random.nextInt(32);
        }
        byte[] q = new byte[40];
        new Requantizer(multipliers, saturation)
            .applyAcross(Requantizer.rounded(sums, 33), 33, Factors.of(multipliers, 5, 33), q, 2);
        for (int i = 0; i < 33; i++) {
          assertEquals(requantized(sums[i], multipliers[i + 5], saturation), q[i + 2]);
        }
      }
    }
  }

  @Test
  void roundsEveryNumberUpToTheBound() {
    for (Saturation saturation : SATURATIONS) {
      float[] bounded = new float[values().length];
      int count = 0;
      for (float value : values()) {
        if (Math.abs(value) <= Primitives.BOUND) {
          bounded[count++] = value;
        }
      }
      byte[] q = new byte[count + 2];
      Primitives.chosen().round(bounded.clone(), count, saturation, q, 1);
      for (int i = 0; i < count; i++) {
        byte expected = (byte) rule(bounded[i], 1f, saturation);
        assertEquals(expected, q[i + 1], bounded[i] + " " + saturation);
      }
      assertEquals(0, q[0] | q[count + 1]);
    }
  }

  @Test
  void dequantizesEveryIntegerOfAType() {
    for (DataType type :
        List.of(
            DataType.INT8,
            DataType.UINT8,
            DataType.INT4,
            DataType.UINT2,
            DataType.INT16,
            DataType.UINT16)) {
      boolean wide = type.bits() == 16;
      int count = 1 << type.bits();
      int first = type.isSignedInteger() ? -count / 2 : 0;
      byte[] bytes = new byte[count];
      short[] shorts = new short[count];
      for (int i = 0; i < count; i++) {
        bytes[i] = (byte) (first + i);
        shorts[i] = (short) (first + i);
      }
      float[] x = new float[count];
      Primitives.chosen().dequantize(type, wide ? shorts : bytes, 1, count - 1, 0.3f, 2, x, 1);
      for (int i = 1; i < count; i++) {
        assertEquals((float) (first + i - 2) * 0.3f, x[i], type + "");
      }
      assertEquals(0f, x[0]);
    }
  }

  @Test
  void refusesIntegersOfMoreThanSixteenBits() {
    assertThrows(IllegalArgumentException.class, () -> new Saturation(1 << 20, 0, 1));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Primitives.chosen()
                .dequantize(DataType.INT32, new int[1], 0, 1, 1f, 0, new float[1], 0));
  }

  @Test
  void reportsWhoComputes() {
    assertEquals("reference kernels on plain loops", new ReferenceRuntime().toString());
  }
}
