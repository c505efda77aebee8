package dev.octet.kernels.floats;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FmaChainsTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 5, 8, 11})
  void isOneChainOfExactStepsInAscendingOrder(int depth) {
    for (int length : new int[] {0, 1, 7, 8, 9, 15, 16, 17, 300}) {
      float[] w = Floats.random(depth + 2, 1);
      float[][] rows = new float[depth][];
      for (int k = 0; k < depth; k++) {
        rows[k] = Floats.random(length, 100 + k);
      }
      float[] start = Floats.random(length, 2);
      float[] expected = start.clone();
      for (int j = 0; j < length; j++) {
        for (int k = 0; k < depth; k++) {
          expected[j] = Floats.fma(w[k + 2], rows[k][j], expected[j]);
        }
      }
      float[] acc = Arrays.copyOf(start, length + 3);
      FmaChains.accumulate(w, 2, rows, depth, acc, length);
      Floats.assertSameBits(expected, Arrays.copyOf(acc, length));
      Floats.assertSameBits(new float[3], Arrays.copyOfRange(acc, length, length + 3));
    }
  }

  @Test
  void keepsInfinitiesAndNan() {
    float[] acc = {0, 0, 0, Float.NaN};
    float inf = Float.POSITIVE_INFINITY;
    FmaChains.accumulate(
        new float[] {1, 2}, 0, new float[][] {{inf, inf, 1, 0}, {1, -inf, 1, 0}}, 2, acc, 4);
    Floats.assertSameBits(new float[] {inf, Float.NaN, 3, Float.NaN}, acc);
  }
}
