package dev.octet.kernels.primitive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairChainsTest {

  private static final int[] SUMS = {0, 1, -1, 12_345, (1 << 24) - 1, 1 << 24, -(1 << 24)};

  @Test
  void holdsEveryTwoSumsUpToTheBound() {
    for (int low : SUMS) {
      for (int high : SUMS) {
        double[] acc = {Double.NaN, PairChains.of(low, high), Double.NaN};
        float[] lows = new float[1];
        float[] highs = new float[1];
        PairChains.split(acc, 1, 1, new double[3], lows, highs);
        assertEquals((float) low, lows[0], low + " " + high);
        assertEquals((float) high, highs[0], low + " " + high);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 256})
  void addsToBothSumsExactly(int depth) {
    Random random = new Random(depth);
    for (int length : new int[] {0, 1, 7, 8, 9, 15, 16, 17, 300}) {
      double[] w = new double[depth + 2];
      double[][] rows = new double[depth + 1][length + 5];
      float[] low = new float[length];
      float[] high = new float[length];
      for (int k = 0; k < depth; k++) {
        boolean extreme = k % 2 == 0;
        int first = extreme ? 255 : random.nextInt(511) - 255;
        int second = extreme ? -255 : random.nextInt(511) - 255;
        w[k + 2] = PairChains.of(first, second);
        for (int j = 0; j < length; j++) {
          int x = j % 3 == 0 ? 255 : random.nextInt(511) - 255;
          rows[k + 1][j + 5] = x;
          low[j] += first * x;
          high[j] += second * x;
        }
      }
      double[] acc = new double[length + 8];
      PairChains.accumulate(w, 2, rows, 1, depth, acc, 5, length + 5);
      float[][] sums = new float[2][length];
      PairChains.split(acc, 5, length, new double[length + 8], sums[0], sums[1]);
      assertArrayEquals(low, sums[0]);
      assertArrayEquals(high, sums[1]);
    }
  }
}
