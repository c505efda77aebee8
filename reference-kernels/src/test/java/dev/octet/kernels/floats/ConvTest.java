package dev.octet.kernels.floats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.execute.OneNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against one loop nest over images, filters and positions that follows the written order. */
class ConvTest {

  private static float[] reference(
      Tensor x, Tensor w, float[] bias, int group, int stride, int dilation, int pad) {
    int n = (int) x.sizes()[0];
    int c = (int) x.sizes()[1];
    int h = (int) x.sizes()[2];
    int v = (int) x.sizes()[3];
    int m = (int) w.sizes()[0];
    int each = (int) w.sizes()[1];
    int kh = (int) w.sizes()[2];
    int kw = (int) w.sizes()[3];
    int oh = (h + 2 * pad - (kh - 1) * dilation - 1) / stride + 1;
    int ow = (v + 2 * pad - (kw - 1) * dilation - 1) / stride + 1;
    float[] in = x.floats();
    float[] weights = w.floats();
    float[] out = new float[n * m * oh * ow];
    for (int i = 0; i < out.length; i++) {
      int filter = i / ow / oh % m;
      int image = i / ow / oh / m;
      float sum = bias == null ? 0f : bias[filter];
      for (int k = 0; k < each * kh * kw; k++) {
        int channel = filter / (m / group) * each + k / kw / kh;
        int row = i / ow % oh * stride + k / kw % kh * dilation - pad;
        int column = i % ow * stride + k % kw * dilation - pad;
        boolean inside = row >= 0 && row < h && column >= 0 && column < v;
        float element = inside ? in[((image * c + channel) * h + row) * v + column] : 0f;
        sum = Math.fma(weights[filter * each * kh * kw + k], element, sum);
      }
      out[i] = sum;
    }
    return out;
  }

  private static OneNode conv(
      Tensor x, Tensor w, float[] bias, int group, int stride, int dilation, int pad) {
    OneNode node = OneNode.of("Conv", 13).input(x).constant(w);
    if (bias != null) {
      node.constant(Tensor.of(bias, bias.length));
    }
    return node.with(Attribute.of("group", group))
        .with("strides", stride, stride)
        .with("dilations", dilation, dilation)
        .with("pads", pad, pad, pad, pad);
  }

  @ParameterizedTest
  @CsvSource({
    // images, channels, height, width, filters, group, kernel, stride, dilation, pad
    "1, 1, 1, 1, 1, 1, 1, 1, 1, 0",
    "2, 3, 5, 7, 4, 1, 3, 1, 1, 1",
    "2, 3, 8, 8, 4, 1, 3, 2, 1, 1",
    "1, 4, 9, 15, 6, 2, 3, 1, 2, 2",
    "3, 8, 6, 17, 8, 8, 3, 2, 1, 1",
    "2, 6, 5, 5, 12, 6, 5, 1, 1, 2",
    "1, 5, 16, 16, 7, 1, 1, 1, 1, 0",
    "1, 5, 16, 16, 7, 1, 1, 2, 1, 0",
    "2, 2, 4, 4, 2, 1, 1, 1, 1, 1",
    "1, 2, 3, 3, 2, 1, 3, 1, 1, 3",
    // More padding than what is computed at a time.
    "1, 1, 1, 2, 1, 1, 1, 1, 1, 300",
    "9, 3, 12, 33, 17, 1, 3, 1, 1, 1",
    "1, 300, 7, 7, 20, 1, 3, 1, 1, 1",
  })
  void followsTheWrittenOrder(
      int n, int c, int h, int v, int m, int group, int k, int stride, int dilation, int pad) {
    Tensor x = Tensor.of(Floats.random(n * c * h * v, 1), n, c, h, v);
    Tensor w = Tensor.of(Floats.random(m * (c / group) * k * k, 2), m, c / group, k, k);
    float[] bias = n % 2 == 0 ? null : Floats.random(m, 3);
    float[] expected = reference(x, w, bias, group, stride, dilation, pad);
    for (int threads : new int[] {1, 2, 7}) {
      Tensor y = conv(x, w, bias, group, stride, dilation, pad).run(threads);
      Floats.assertSameBits(expected, y.floats());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 63, 64, 65, 511, 512, 513, 1500})
  void runsOverOneAxisOfAnyLength(int width) {
    float[] x = Floats.random(2 * width, 4);
    float[] w = Floats.random(3 * 2 * 3, 5);
    Tensor flat =
        OneNode.of("Conv", 11)
            .input(Tensor.of(x, 1, 2, width))
            .constant(Tensor.of(w, 3, 2, 3))
            .with("pads", 1, 1)
            .run();
    assertArrayEquals(new long[] {1, 3, width}, flat.sizes());
    float[] expected = new float[3 * width];
    for (int m = 0; m < 3; m++) {
      for (int o = 0; o < width; o++) {
        float sum = 0;
        for (int k = 0; k < 6; k++) {
          int at = o + k % 3 - 1;
          float element = at >= 0 && at < width ? x[k / 3 * width + at] : 0f;
          sum = Math.fma(w[m * 6 + k], element, sum);
        }
        expected[m * width + o] = sum;
      }
    }
    Floats.assertSameBits(expected, flat.floats());
  }

  @Test
  void runsOverThreeAxes() {
    Tensor ones = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 1, 2, 2, 2);
    Tensor w = Tensor.of(new float[] {1, 10, 100, 1000, 1, 10, 100, 1000}, 1, 1, 2, 2, 2);
    Tensor y = OneNode.of("Conv", 11).input(ones).constant(w).run();
    assertArrayEquals(new float[] {4321 + 8765}, y.floats());
  }

  @Test
  void halvesThePaddingOfSame() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 4);
    Tensor w = Tensor.of(new float[] {1, 10}, 1, 1, 2);
    OneNode upper = OneNode.of("Conv", 11).input(x).constant(w);
    assertArrayEquals(
        new float[] {21, 32, 43, 4},
        upper.with(Attribute.of("auto_pad", "SAME_UPPER")).run().floats());
    OneNode lower = OneNode.of("Conv", 11).input(x).constant(w);
    assertArrayEquals(
        new float[] {10, 21, 32, 43},
        lower.with(Attribute.of("auto_pad", "SAME_LOWER")).run().floats());
  }

  @Test
  void paddingUnderAnInfiniteWeightIsNan() {
    Tensor x = Tensor.of(new float[] {1, 1}, 1, 1, 2);
    Tensor w = Tensor.of(new float[] {Float.POSITIVE_INFINITY, 1}, 1, 1, 2);
    Tensor y = OneNode.of("Conv", 11).input(x).constant(w).with("pads", 1, 0).run();
    Floats.assertSameBits(new float[] {Float.NaN, Float.POSITIVE_INFINITY}, y.floats());
  }

  @Test
  void takesAnEmptyBatch() {
    Tensor y =
        OneNode.of("Conv", 11)
            .input(Tensor.of(new float[0], 0, 1, 3, 3))
            .constant(Tensor.of(new float[9], 1, 1, 3, 3))
            .run(2);
    assertArrayEquals(new long[] {0, 1, 1, 1}, y.sizes());
  }

  @Test
  void channelsThatDoNotFitAreNamed() {
    OneNode node =
        OneNode.of("Conv", 11)
            .input(Tensor.of(new float[27], 1, 3, 3, 3))
            .constant(Tensor.of(new float[18], 1, 2, 3, 3));
    OctetException refused = assertThrows(OctetException.class, node::run);
    assertEquals("OCT-GRAPH-002", refused.id());
  }
}
