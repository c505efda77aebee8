package dev.octet.kernels.floats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.execute.OneNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolingTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 1, 0",
    "2, 3, 8, 8, 2, 0",
    "1, 2, 9, 7, 3, 1",
    "1, 5, 15, 17, 3, 1",
    "3, 1, 1, 9, 1, 0"
  })
  void agreesWithTheDefinition(int n, int c, int h, int v, int k, int pad) {
    float[] x = Floats.random(n * c * h * v, 1);
    int oh = (h + 2 * pad - k) / 2 + 1;
    int ow = (v + 2 * pad - k) / 2 + 1;
    float[] maxima = new float[n * c * oh * ow];
    float[] means = new float[n * c * oh * ow];
    for (int i = 0; i < maxima.length; i++) {
      float max = Float.NEGATIVE_INFINITY;
      float sum = 0;
      int count = 0;
      for (int w = 0; w < k * k; w++) {
        int row = i / ow % oh * 2 + w / k - pad;
        int column = i % ow * 2 + w % k - pad;
        if (row >= 0 && row < h && column >= 0 && column < v) {
          float element = x[(i / ow / oh * h + row) * v + column];
          max = Math.max(max, element);
          sum += element;
          count++;
        }
      }
      maxima[i] = max;
      means[i] = sum / count;
    }
    Tensor input = Tensor.of(x, n, c, h, v);
    for (int threads : new int[] {1, 2, 7}) {
      Floats.assertSameBits(maxima, pool("MaxPool", input, k, pad).run(threads).floats());
      Floats.assertSameBits(means, pool("AveragePool", input, k, pad).run(threads).floats());
    }
    Tensor withIndices = pool("MaxPool", input, k, pad).results(2).run(2);
    Floats.assertSameBits(maxima, withIndices.floats());
  }

  private static OneNode pool(String op, Tensor input, int k, int pad) {
    return OneNode.of(op, 12)
        .input(input)
        .with("kernel_shape", k, k)
        .with("strides", 2, 2)
        .with("pads", pad, pad, pad, pad);
  }

  @Test
  void roundsUpWithCeilModeAndDropsWindowsBehindTheInput() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5}, 1, 1, 5);
    OneNode node = OneNode.of("MaxPool", 12).input(x).with("kernel_shape", 2).with("strides", 2);
    assertArrayEquals(
        new float[] {2, 4, 5}, node.with(Attribute.of("ceil_mode", 1)).run().floats());
    OneNode dropped = OneNode.of("MaxPool", 12).input(x).with("kernel_shape", 1).with("strides", 3);
    assertArrayEquals(
        new float[] {1, 4}, dropped.with(Attribute.of("ceil_mode", 1)).run().floats());
  }

  @Test
  void countsStatedPaddingButNotWhatCeilModeAdds() {
    Tensor x = Tensor.of(new float[] {6, 6, 6, 6}, 1, 1, 4);
    OneNode node =
        OneNode.of("AveragePool", 19)
            .input(x)
            .with("kernel_shape", 3)
            .with("strides", 3)
            .with("pads", 1, 0)
            .with(Attribute.of("ceil_mode", 1))
            .with(Attribute.of("count_include_pad", 1));
    assertArrayEquals(new float[] {4, 6}, node.run().floats());
  }

  @Test
  void aMaximumOfNanIsNan() {
    Tensor x = Tensor.of(new float[] {1, Float.NaN, 3, 4}, 1, 1, 4);
    OneNode node = OneNode.of("MaxPool", 12).input(x).with("kernel_shape", 2).with("strides", 2);
    assertArrayEquals(new float[] {Float.NaN, 4}, node.run().floats());
    List<Tensor> both = node.results(2).runAll(1);
    assertArrayEquals(new float[] {Float.NaN, 4}, both.get(0).floats());
    assertArrayEquals(new long[] {1, 3}, both.get(1).integers());
  }

  @Test
  void takesIntegers() {
    byte[] x = {-128, 127, 3, -4};
    Tensor signed = Tensor.of(DataType.INT8, x, 1, 1, 4);
    Tensor unsigned = Tensor.of(DataType.UINT8, x, 1, 1, 4);
    Tensor a = OneNode.of("MaxPool", 12).input(signed).with("kernel_shape", 2).run();
    assertArrayEquals(new byte[] {127, 127, 3}, a.bytes());
    Tensor b = OneNode.of("MaxPool", 12).input(unsigned).with("kernel_shape", 2).run();
    assertArrayEquals(new byte[] {-128, 127, -4}, b.bytes());
  }

  @Test
  void averagesWholeChannelsInDouble() {
    float[] x = new float[2 * 9];
    java.util.Arrays.fill(x, 0, 9, 0x1p24f);
    x[0] = 1;
    x[9] = 9;
    Tensor input = Tensor.of(x, 1, 2, 3, 3);
    float[] means = OneNode.of("GlobalAveragePool", 1 + 6).input(input).run(2).floats();
    assertEquals((float) ((8.0 * (1 << 24) + 1) / 9), means[0]);
    assertEquals(1f, means[1]);
    assertArrayEquals(
        new float[] {0x1p24f, 9}, OneNode.of("GlobalMaxPool", 7).input(input).run().floats());
  }
}
