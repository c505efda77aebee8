package dev.octet.kernels.floats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.Random;

/** Arrays of floats for tests, and their comparison bit by bit. */
final class Floats {

  private Floats() {}

  /** Numbers of very different size and both signs, zeros among them. */
  static float[] random(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      float magnitude = (float) Math.scalb(1 + random.nextDouble(), random.nextInt(12) - 6);
      values[i] = random.nextInt(16) == 0 ? 0f : random.nextBoolean() ? magnitude : -magnitude;
    }
    return values;
  }

  static void assertSameBits(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      int element = i;
      assertEquals(
          Float.floatToIntBits(expected[i]),
          Float.floatToIntBits(actual[i]),
          () -> "[" + element + "]: " + expected[element] + " and " + actual[element]);
    }
  }

  /** {@code a * b + c} exactly, rounded once; finite operands and a sum that is not 0. */
  static float fma(float a, float b, float c) {
    BigDecimal exact = new BigDecimal(a).multiply(new BigDecimal(b)).add(new BigDecimal(c));
    return exact.signum() == 0 ? a * b + c : exact.floatValue();
  }
}
