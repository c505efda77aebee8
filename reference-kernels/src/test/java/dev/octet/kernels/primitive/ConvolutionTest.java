package dev.octet.kernels.primitive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.thread.HelperThreads;
import dev.octet.kernels.thread.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Convolutions give the int32 sums of the written rule, added one product after another. */
class ConvolutionTest {

  private static final List<DataType> TYPES =
      List.of(
          DataType.INT8,
          DataType.UINT8,
          DataType.INT4,
          DataType.UINT4,
          DataType.INT2,
          DataType.UINT2);

  private final Random random = new Random(11);

  /** The sizes of one convolution, by spatial axis. */
  private static ConvGeometry geometry(
      int batch,
      int groups,
      int inChannels,
      int outChannels,
      int[] in,
      int[] kernel,
      int[] strides,
      int[] dilations,
      int[] pads,
      int[] padsAfter) {
    int[] out = new int[in.length];
    for (int i = 0; i < in.length; i++) {
      int span = (kernel[i] - 1) * dilations[i] + 1;
      out[i] = Math.max(0, (in[i] + pads[i] + padsAfter[i] - span) / strides[i] + 1);
    }
    return new ConvGeometry(
        batch,
        groups,
        inChannels,
        outChannels,
        in,
        out,
        kernel,
        strides,
        dilations,
        pads,
        padsAfter);
  }

  @Test
  void aStrideLongerThanTheMemoryTakesNoneForItsPhases() {
    int[] huge = {Integer.MAX_VALUE, Integer.MAX_VALUE};
    int[] two = {2, 2};
    int[] none = {0, 0};
    ConvGeometry geometry =
        geometry(1, 1, 1, 1, new int[] {4, 4}, two, huge, new int[] {1, 1}, none, none);
    assertEquals(2, ConvPlan.of(geometry).phases());
  }

  private static ConvGeometry square(
      int groups, int in, int out, int size, int kernel, int stride) {
    int[] pads = {kernel / 2, kernel / 2};
    return geometry(
        1,
        groups,
        in,
        out,
        new int[] {size, size},
        new int[] {kernel, kernel},
        new int[] {stride, stride},
        new int[] {1, 1},
        pads,
        pads);
  }

  private static int element(DataType type, byte stored) {
    return type.isSignedInteger() ? stored : stored & 0xFF;
  }

  /** The sums, product by product. */
  private static int[] sums(Convolution task, DataType weightType, byte[] weights, int[] zeros) {
    ConvGeometry g = task.geometry();
    int outputs = g.batch() * g.groups() * g.outChannels();
    int[] sums = new int[outputs * g.positions()];
    for (int i = 0; i < sums.length; i++) {
      int plane = i / g.positions();
      int channel = plane % (g.groups() * g.outChannels());
      int image = plane / (g.groups() * g.outChannels());
      int zero = zeros[zeros.length == 1 ? 0 : channel];
      int sum = task.bias().length == 0 ? 0 : task.bias()[channel];
      for (int k = 0; k < g.depth(); k++) {
        int in = channel / g.outChannels() * g.inChannels() + k / g.taps();
        int at = input(g, i % g.positions(), k % g.taps());
        if (at >= 0) {
          int index = (image * g.groups() * g.inChannels() + in) * g.inputPositions() + at;
          int x = element(task.type(), task.x()[index]) - task.zeroPoint();
          sum += x * (element(weightType, weights[channel * g.depth() + k]) - zero);
        }
      }
      sums[i] = sum;
    }
    return sums;
  }

  /** The input position that a tap meets at an output position; -1 outside. */
  private static int input(ConvGeometry g, int position, int tap) {
    int at = 0;
    int weight = 1;
    for (int axis = g.in().length - 1; axis >= 0; axis--) {
      int index =
          position % g.out()[axis] * g.strides()[axis]
              + tap % g.kernel()[axis] * g.dilations()[axis]
              - g.pads()[axis];
      if (index < 0 || index >= g.in()[axis]) {
        return -1;
      }
      at += index * weight;
      weight *= g.in()[axis];
      position /= g.out()[axis];
      tap /= g.kernel()[axis];
    }
    return at;
  }

  /** The weights in an array, or packed in a tensor. */
  private StoredIntegers stored(DataType type, byte[] weights) {
    if (random.nextBoolean()) {
      return StoredIntegers.of(type, weights);
    }
    long[] elements = new long[weights.length];
    Arrays.setAll(elements, i -> element(type, weights[i]));
    return StoredIntegers.of(Tensor.ofIntegers(type, elements, elements.length));
  }

  private byte[] bytes(DataType type, int count, boolean extreme) {
    int low = type.isSignedInteger() ? -1 << (type.bits() - 1) : 0;
    int span = 1 << type.bits();
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      int any = random.nextInt(span);
      bytes[i] = (byte) (low + (extreme ? random.nextInt(8) == 0 ? any : span - 1 : any));
    }
    return bytes;
  }

  private void check(ConvGeometry g, boolean extreme, int threads) {
    DataType type = random.nextBoolean() ? DataType.INT8 : DataType.UINT8;
    DataType weightType = TYPES.get(random.nextInt(extreme ? 2 : TYPES.size()));
    int channels = g.groups() * g.outChannels();
    byte[] x = bytes(type, g.batch() * g.groups() * g.inChannels() * g.inputPositions(), extreme);
    byte[] weights = bytes(weightType, channels * g.depth(), extreme);
    int zeroPoint = element(type, bytes(type, 1, false)[0]);
    int[] zeros = new int[random.nextBoolean() ? 1 : channels];
    for (int i = 0; i < zeros.length; i++) {
      zeros[i] = extreme ? 0 : element(weightType, bytes(weightType, 1, false)[0]);
    }
    int[] bias = random.nextBoolean() ? new int[0] : new int[channels];
    Arrays.setAll(bias, i -> random.nextInt() >> random.nextInt(24));
    ChannelWeights stored =
        new ChannelWeights(stored(weightType, weights), channels, g.depth(), zeros);
    int[] into = new int[channels * g.batch() * g.positions()];
    Convolution task =
        new Convolution(g, type, x, zeroPoint, stored, bias, new Destination.Integers(into));
    int[] expected = sums(task, weightType, weights, zeros);
    try (HelperThreads helpers = new HelperThreads(threads)) {
      Workers workers = new Workers(helpers);
      Primitives.chosen().convolve(task, workers);
      assertArrayEquals(expected, into, g.toString() + Arrays.toString(g.in()));
      checkBytes(task, expected, channels, workers);
      checkFloats(task, expected, channels, workers);
    }
  }

  private void checkBytes(Convolution task, int[] sums, int channels, Workers workers) {
    float[] multipliers = new float[random.nextBoolean() ? 1 : channels];
    for (int i = 0; i < multipliers.length; i++) {
      multipliers[i] = (float) Math.scalb(1 + random.nextInt(3), -4 - random.nextInt(12));
    }
    Requantizer requantizer = new Requantizer(multipliers, new Saturation(-3, -100, 127));
    byte[] into = new byte[sums.length];
    Primitives.chosen().convolve(to(task, new Destination.Requantized(requantizer, into)), workers);
    byte[] expected = new byte[sums.length];
    for (int i = 0; i < sums.length; i++) {
      int channel = i / task.geometry().positions() % channels;
      expected[i] = (byte) requantizer.apply(sums[i], channel);
    }
    assertArrayEquals(expected, into);
  }

  private void checkFloats(Convolution task, int[] sums, int channels, Workers workers) {
    float[] scales = new float[channels];
    for (int i = 0; i < channels; i++) {
      scales[i] = random.nextFloat();
    }
    float[] into = new float[sums.length];
    Primitives.chosen().convolve(to(task, new Destination.Scaled(scales, into)), workers);
    float[] expected = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      expected[i] = (float) sums[i] * scales[i / task.geometry().positions() % channels];
    }
    assertArrayEquals(expected, into);
  }

  private static Convolution to(Convolution task, Destination destination) {
    return new Convolution(
        task.geometry(),
        task.type(),
        task.x(),
        task.zeroPoint(),
        task.weights(),
        task.bias(),
        destination);
  }

  private int[] each(int axes, int least, int most) {
    int[] values = new int[axes];
    Arrays.setAll(values, i -> least + random.nextInt(most - least + 1));
    return values;
  }

  @Test
  void addsEveryProductForAnySizes() {
    for (int i = 0; i < 400; i++) {
      int axes = 2 + random.nextInt(3);
      int[] in = each(axes, 1, axes == 2 ? 12 : 6);
      int[] kernel = each(axes, 1, 4);
      ConvGeometry g =
          geometry(
              1 + random.nextInt(2),
              1 + random.nextInt(3),
              1 + random.nextInt(5),
              1 + random.nextInt(3),
              in,
              kernel,
              each(axes, 1, 3),
              each(axes, 1, 3),
              each(axes, 0, 5),
              each(axes, 0, 5));
      check(g, random.nextInt(4) == 0, 1 + random.nextInt(3));
    }
  }

  @Test
  void addsEveryProductAtTheEdgesOfVectorsAndTiles() {
    for (int size : new int[] {1, 7, 8, 9, 15, 16, 17, 22, 23, 31, 32, 33}) {
      check(square(1, 3, 2, size, 3, 1), false, 1);
      check(square(4, 1, 1, size, 3, 1), false, 2);
      check(square(2, 1, 2, size, 3, 2), true, 1);
      check(square(1, 5, 3, size, 1, 1), false, 1);
      check(square(1, 2, 2, size, 1, 2), false, 1);
    }
  }

  @Test
  void cutsLongLinesIntoTiles() {
    for (int width : new int[] {511, 512, 513, 1024, 1500}) {
      for (int stride = 1; stride <= 2; stride++) {
        int[] ones = {1, 1};
        int[] pads = {1, 2};
        ConvGeometry g =
            geometry(
                1,
                1,
                2,
                2,
                new int[] {3, width},
                new int[] {3, 5},
                new int[] {1, stride},
                ones,
                pads,
                pads);
        check(g, false, 2);
      }
    }
  }

  @Test
  void addsInBlocksWhereFloatsWouldRound() {
    for (int channels : new int[] {255, 256, 257, 300, 520}) {
      check(square(1, channels, 2, 4, 1, 1), true, 1);
    }
    for (int channels : new int[] {28, 29, 85, 86, 120}) {
      check(square(1, channels, 2, 4, 3, 1), true, 1);
    }
  }

  @Test
  void addsManyGroupsAndChannels() {
    check(square(200, 1, 1, 5, 3, 1), false, 1);
    check(square(200, 1, 1, 5, 3, 1), false, 3);
    check(square(1, 256, 8, 14, 3, 1), false, 2);
  }

  @Test
  void computesNothingForAnEmptyBatchOrOutput() {
    int[] ones = {1, 1};
    int[] none = {0, 0};
    int[] threes = {3, 3};
    check(geometry(0, 1, 2, 2, threes, ones, ones, ones, none, none), false, 1);
    check(geometry(1, 1, 2, 2, ones, threes, ones, ones, none, none), false, 1);
    check(geometry(1, 1, 0, 2, threes, ones, ones, ones, none, none), false, 1);
  }
}
