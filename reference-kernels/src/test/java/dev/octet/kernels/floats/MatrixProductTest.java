package dev.octet.kernels.floats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.execute.OneNode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatrixProductTest {

  private static float[] product(float[] a, float[] b, int m, int k, int n) {
    float[] y = new float[m * n];
    for (int i = 0; i < m * n; i++) {
      float sum = 0;
      for (int d = 0; d < k; d++) {
        sum = Math.fma(a[i / n * k + d], b[d * n + i % n], sum);
      }
      y[i] = sum;
    }
    return y;
  }

  private static float[] transposed(float[] x, int rows, int columns) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i % columns * rows + i / columns] = x[i];
    }
    return y;
  }

  @ParameterizedTest
  @CsvSource({
    "0, 3, 4",
    "3, 0, 4",
    "3, 4, 0",
    "1, 1, 1",
    "1, 64, 10",
    "32, 64, 10",
    "5, 7, 15",
    "5, 7, 16",
    "17, 9, 17",
    "255, 3, 2",
    "256, 3, 2",
    "257, 3, 2",
    "2, 3, 255",
    "2, 3, 256",
    "2, 3, 257",
    "40, 33, 600"
  })
  void isOneAscendingChainPerElement(int m, int k, int n) {
    float[] a = Floats.random(m * k, 1);
    float[] b = Floats.random(k * n, 2);
    float[] expected = product(a, b, m, k, n);
    for (int threads : new int[] {1, 2, 7}) {
      Tensor y =
          OneNode.of("MatMul", 13).input(Tensor.of(a, m, k)).input(Tensor.of(b, k, n)).run(threads);
      Floats.assertSameBits(expected, y.floats());
      for (int transposed = 0; transposed < 4; transposed++) {
        Floats.assertSameBits(expected, gemm(a, b, m, k, n, transposed, threads));
      }
    }
  }

  @Test
  void hasNothingToDoWhereAResultIsEmptyHoweverLargeItsOtherSizesAre() {
    int most = Integer.MAX_VALUE;
    Tensor left = Tensor.of(new float[0], most, most, 0, 3);
    Tensor right = Tensor.of(new float[12], 3, 4);
    Tensor y = OneNode.of("MatMul", 13).input(left).input(right).run(1);
    assertArrayEquals(new long[] {most, most, 0, 4}, y.sizes());
  }

  private static float[] gemm(
      float[] a, float[] b, int m, int k, int n, int transposed, int threads) {
    boolean ta = (transposed & 1) != 0;
    boolean tb = (transposed & 2) != 0;
    Tensor left = ta ? Tensor.of(transposed(a, m, k), k, m) : Tensor.of(a, m, k);
    Tensor right = tb ? Tensor.of(transposed(b, k, n), n, k) : Tensor.of(b, k, n);
    return OneNode.of("Gemm", 13)
        .input(left)
        .constant(right)
        .with(Attribute.of("transA", ta ? 1 : 0))
        .with(Attribute.of("transB", tb ? 1 : 0))
        .run(threads)
        .floats();
  }

  @Test
  void startsAGemmFromItsBias() {
    // 2^24 + 1 is no float32: the chain from the bias loses the ones that a later sum would keep.
    float[] a = {1, 1};
    Tensor y =
        OneNode.of("Gemm", 13)
            .input(Tensor.of(a, 1, 2))
            .input(Tensor.of(a, 2, 1))
            .input(Tensor.of(new float[] {0x1p24f}, 1))
            .run();
    assertArrayEquals(new float[] {0x1p24f}, y.floats());
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "1, 4", "2, 4"})
  void broadcastsTheBias(int rows, int columns) {
    float[] c = new float[rows * columns];
    for (int i = 0; i < c.length; i++) {
      c[i] = i + 1;
    }
    Tensor y =
        OneNode.of("Gemm", 13)
            .input(Tensor.of(new float[] {1, 0, 0, 1}, 2, 2))
            .input(Tensor.of(new float[] {10, 20, 30, 40, 50, 60, 70, 80}, 2, 4))
            .input(Tensor.of(c, rows, columns))
            .with(Attribute.of("alpha", 0.5f))
            .with(Attribute.of("beta", 2f))
            .run(2);
    float[] expected = new float[8];
    for (int i = 0; i < 8; i++) {
      int row = rows == 1 ? 0 : i / 4;
      int column = columns == 1 ? 0 : i % 4;
      expected[i] = 5f * (i + 1) + 2 * c[row * columns + column];
    }
    assertArrayEquals(expected, y.floats());
  }

  @Test
  void broadcastsBatches() {
    float[] a = Floats.random(2 * 1 * 3 * 4, 3);
    float[] b = Floats.random(5 * 4 * 6, 4);
    Tensor y =
        OneNode.of("MatMul", 13)
            .input(Tensor.of(a, 2, 1, 3, 4))
            .input(Tensor.of(b, 5, 4, 6))
            .run(2);
    assertArrayEquals(new long[] {2, 5, 3, 6}, y.sizes());
    for (int i = 0; i < 10; i++) {
      float[] left = Arrays.copyOfRange(a, i / 5 * 12, i / 5 * 12 + 12);
      float[] right = Arrays.copyOfRange(b, i % 5 * 24, i % 5 * 24 + 24);
      Floats.assertSameBits(
          product(left, right, 3, 4, 6), Arrays.copyOfRange(y.floats(), i * 18, i * 18 + 18));
    }
  }

  @Test
  void takesVectors() {
    Tensor row = Tensor.of(new float[] {1, 2}, 2);
    Tensor matrix = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    Tensor left = OneNode.of("MatMul", 13).input(row).input(matrix).run();
    assertArrayEquals(new long[] {3}, left.sizes());
    assertArrayEquals(new float[] {9, 12, 15}, left.floats());
    Tensor both = OneNode.of("MatMul", 13).input(row).input(row).run();
    assertArrayEquals(new long[0], both.sizes());
    assertArrayEquals(new float[] {5}, both.floats());
    Tensor stack = matrix.reshaped(3, 1, 2);
    Tensor right = OneNode.of("MatMul", 13).input(stack).input(row).run();
    assertArrayEquals(new long[] {3, 1}, right.sizes());
    assertArrayEquals(new float[] {5, 11, 17}, right.floats());
  }
}
