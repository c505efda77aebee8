package dev.octet.kernels.primitive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FmaChainsTest {

  /** {@code a * b + c} exactly, rounded once. */
  private static float fma(float a, float b, float c) {
    return new BigDecimal(a).multiply(new BigDecimal(b)).add(new BigDecimal(c)).floatValue();
  }

  private static float[] random(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = Math.scalb((float) random.nextGaussian(), random.nextInt(12) - 6);
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 20})
  void isOneChainOfExactStepsInAscendingOrder(int depth) {
    for (int length : new int[] {0, 1, 7, 8, 9, 15, 16, 17, 300}) {
      float[] w = random(depth + 2, 1);
      float[][] rows = new float[depth + 1][];
      for (int k = 0; k < depth; k++) {
        rows[k + 1] = random(length + 5, 100 + k);
      }
      float[] acc = random(length + 8, 2);
      float[] expected = acc.clone();
      for (int j = 5; j < length + 5; j++) {
        for (int k = 0; k < depth; k++) {
          expected[j] = fma(w[k + 2], rows[k + 1][j], expected[j]);
        }
      }
      FmaChains.accumulate(w, 2, rows, 1, depth, acc, 5, length + 5);
      assertArrayEquals(expected, acc);
    }
  }

  @Test
  void keepsInfinitiesAndNan() {
    float[] acc = {0, 0, 0, Float.NaN};
    float inf = Float.POSITIVE_INFINITY;
    float[][] rows = {{inf, inf, 1, 0}, {1, -inf, 1, 0}};
    FmaChains.accumulate(new float[] {1, 2}, 0, rows, 0, 2, acc, 0, 4);
    assertArrayEquals(new float[] {inf, Float.NaN, 3, Float.NaN}, acc);
  }
}
