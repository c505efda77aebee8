package dev.octet.kernels.floats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.execute.OneNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoftmaxTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 1000})
  void dividesExponentialsBySums(int length) {
    float[] x = Floats.random(3 * length, 1);
    float[] expected = new float[x.length];
    for (int row = 0; row < 3; row++) {
      double sum = 0;
      float max = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < length; i++) {
        max = Math.max(max, x[row * length + i]);
      }
      for (int i = 0; i < length; i++) {
        sum += StrictMath.exp((double) x[row * length + i] - max);
      }
      for (int i = 0; i < length; i++) {
        expected[row * length + i] =
            (float) (StrictMath.exp((double) x[row * length + i] - max) / sum);
      }
    }
    for (int threads : new int[] {1, 2, 7}) {
      Tensor y = OneNode.of("Softmax", 13).input(Tensor.of(x, 3, length)).run(threads);
      Floats.assertSameBits(expected, y.floats());
    }
  }

  @Test
  void doesNotOverflow() {
    Tensor x = Tensor.of(new float[] {1e30f, 1e30f, -1e30f, 0}, 1, 4);
    Floats.assertSameBits(
        new float[] {0.5f, 0.5f, 0, 0}, OneNode.of("Softmax", 13).input(x).run().floats());
    float half = (float) -StrictMath.log(2);
    Floats.assertSameBits(
        new float[] {half, half, -2e30f, -1e30f},
        OneNode.of("LogSoftmax", 13).input(x).run().floats());
  }

  @Test
  void rowsOfNanAndInfinityAreNan() {
    float inf = Float.POSITIVE_INFINITY;
    Tensor x = Tensor.of(new float[] {Float.NaN, 1, inf, 1, -inf, -inf, -inf, 0}, 4, 2);
    float nan = Float.NaN;
    Floats.assertSameBits(
        new float[] {nan, nan, nan, nan, nan, nan, 0, 1},
        OneNode.of("Softmax", 13).input(x).run().floats());
  }

  @Test
  void olderOperatorSetsTakeAllDimensionsFromTheAxisOn() {
    Tensor x = Tensor.of(new float[8], 2, 2, 2);
    assertEquals(0.25f, OneNode.of("Softmax", 11).input(x).run().floats()[0]);
    assertEquals(0.5f, OneNode.of("Softmax", 13).input(x).run().floats()[0]);
    OneNode first = OneNode.of("Softmax", 11).input(x).with(Attribute.of("axis", 0));
    assertEquals(0.125f, first.run().floats()[0]);
  }
}
