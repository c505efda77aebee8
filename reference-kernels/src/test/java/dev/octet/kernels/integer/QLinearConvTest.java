package dev.octet.kernels.integer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.execute.GraphExecutor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QLinearConvTest {

  private static final long SEED = 9001;

  /** A random convolution over some number of spatial dimensions, with scales 2^n. */
  private static NodeCase convolution(Random random, int spatial, boolean powersOfTwo) {
    long groups = 1 + random.nextInt(3);
    long inChannels = 1 + random.nextInt(5);
    long outChannels = groups * (1 + random.nextInt(5));
    long[] x = new long[2 + spatial];
    long[] w = new long[2 + spatial];
    x[0] = 1 + random.nextInt(2);
    x[1] = groups * inChannels;
    w[0] = outChannels;
    w[1] = inChannels;
    Long[] strides = new Long[spatial];
    Long[] dilations = new Long[spatial];
    Long[] pads = new Long[2 * spatial];
    for (int i = 0; i < spatial; i++) {
      strides[i] = 1L + random.nextInt(3);
      dilations[i] = 1L + random.nextInt(2);
      w[2 + i] = 1 + random.nextInt(4);
      long span = (w[2 + i] - 1) * dilations[i] + 1;
      pads[i] = (long) random.nextInt((int) span);
      pads[spatial + i] = (long) random.nextInt((int) span);
      x[2 + i] = span + random.nextInt(spatial == 3 ? 4 : 20);
    }
    DataType xType = NodeCase.eightBits(random);
    DataType wType = NodeCase.eightBits(random);
    DataType yType = NodeCase.eightBits(random);
    boolean perChannel = random.nextBoolean();
    int scales = perChannel ? (int) outChannels : 1;
    float[] wScales = new float[scales];
    long[] wZeros = new long[scales];
    for (int i = 0; i < scales; i++) {
      wScales[i] = scale(random, powersOfTwo);
      wZeros[i] = NodeCase.zeroPoint(random, wType);
    }
    NodeCase node =
        NodeCase.onnx("QLinearConv")
            .operand(NodeCase.random(random, xType, x))
            .scale(scale(random, powersOfTwo))
            .zero(xType, NodeCase.zeroPoint(random, xType))
            .operand(NodeCase.random(random, wType, w))
            .scale(wScales)
            .zero(wType, wZeros)
            .scale(64 * scale(random, powersOfTwo))
            .zero(yType, NodeCase.zeroPoint(random, yType))
            .with(Attribute.of("group", groups))
            .with(Attribute.of("strides", Arrays.asList(strides)))
            .with(Attribute.of("dilations", Arrays.asList(dilations)))
            .with(Attribute.of("pads", Arrays.asList(pads)));
    if (random.nextBoolean()) {
      int[] bias = random.ints(outChannels, -100_000, 100_000).toArray();
      node.operand(Tensor.of(bias, outChannels));
    }
    return node;
  }

  private static float scale(Random random, boolean powerOfTwo) {
    float power = NodeCase.powerOfTwo(random, -6, -2);
    return powerOfTwo ? power : power * (1 + random.nextFloat());
  }

  @Test
  void agreesWithExactArithmeticOverOneToThreeDimensions() {
    Random random = new Random(SEED);
    for (int draw = 0; draw < 120; draw++) {
      convolution(random, 1 + draw % 3, true).runExactly("seed " + SEED + " draw " + draw);
    }
  }

  @Test
  void staysWithinTheRoundingBoundForAnyScale() {
    Random random = new Random(SEED);
    for (int draw = 0; draw < 40; draw++) {
      convolution(random, 2, false).runWithinBound("seed " + SEED + " draw " + draw);
    }
  }

  private static NodeCase pointwise(long inChannels, long outChannels, long height, long width) {
    return pointwise(1, inChannels, outChannels, height, width);
  }

  private static NodeCase pointwise(
      long batch, long inChannels, long outChannels, long height, long width) {
    Random random = new Random(SEED);
    return NodeCase.onnx("QLinearConv")
        .operand(NodeCase.random(random, DataType.INT8, batch, inChannels, height, width))
        .scale(0.5f)
        .zero(DataType.INT8, 3)
        .operand(NodeCase.random(random, DataType.INT8, outChannels, inChannels, 1, 1))
        .scale(0.5f)
        .zero(DataType.INT8, 0)
        .scale(64f)
        .zero(DataType.INT8, -1);
  }

  @Test
  void agreesWithExactArithmeticAroundTheSizesOfLanesAndTiles() {
    for (int width : new int[] {1, 7, 8, 9, 31, 32, 33, 255, 256, 257, 1023, 1025}) {
      pointwise(3, 2, 1, width).runExactly("width " + width);
    }
    for (int channels : new int[] {1, 3, 4, 5, 7, 8, 9}) {
      pointwise(channels, 2, 3, 5).runExactly("channels " + channels);
    }
    pointwise(3, 2, 70, 40).runExactly("several bands");
  }

  @Test
  void givesNothingForNoImagesAndNoChannels() {
    assertEquals(0, pointwise(1, 3, 0, 4, 4).run().result().elementCount());
    assertEquals(0, pointwise(0, 3, 2, 4, 4).run().result().elementCount());
  }

  @Test
  void padsWithTheZeroPoint() {
    NodeCase node =
        NodeCase.onnx("QLinearConv")
            .operand(Tensor.ofIntegers(DataType.UINT8, new long[] {110}, 1, 1, 1, 1))
            .scale(1f)
            .zero(DataType.UINT8, 100)
            .operand(
                Tensor.ofIntegers(
                    DataType.INT8, new long[] {1, 1, 1, 1, 2, 1, 1, 1, 1}, 1, 1, 3, 3))
            .scale(1f)
            .zero(DataType.INT8, 0)
            .scale(1f)
            .zero(DataType.UINT8, 0)
            .with(Attribute.of("pads", List.of(1L, 1L, 1L, 1L)));
    assertArrayEquals(new long[] {20}, node.runExactly("pads").integers());
  }

  @Test
  void resolvesAutoPad() {
    for (String auto : new String[] {"SAME_UPPER", "SAME_LOWER", "VALID"}) {
      Random random = new Random(SEED);
      NodeCase.onnx("QLinearConv")
          .operand(NodeCase.random(random, DataType.UINT8, 1, 2, 7, 10))
          .scale(0.5f)
          .zero(DataType.UINT8, 9)
          .operand(NodeCase.random(random, DataType.INT8, 3, 2, 4, 2))
          .scale(0.25f)
          .zero(DataType.INT8, 0)
          .scale(32f)
          .zero(DataType.UINT8, 128)
          .with(Attribute.of("auto_pad", auto))
          .with(Attribute.of("strides", List.of(2L, 1L)))
          .runExactly(auto);
    }
  }

  @Test
  void takesWeightsOfFewerBits() {
    for (DataType type : List.of(DataType.INT4, DataType.UINT4, DataType.INT2, DataType.UINT2)) {
      Random random = new Random(SEED);
      NodeCase.onnx("QLinearConv")
          .operand(NodeCase.random(random, DataType.INT8, 1, 3, 5, 5))
          .scale(0.5f)
          .zero(DataType.INT8, 9)
          .operand(NodeCase.random(random, type, 4, 3, 3, 3))
          .scale(0.25f, 0.5f, 1f, 2f)
          .zero(type, 0, 1, 0, 1)
          .scale(32f)
          .zero(DataType.INT8, 1)
          .runExactly(type.toString());
    }
  }

  @Test
  void roundsTiesToEvenBeforeAddingAnOddZeroPoint() {
    NodeCase node =
        NodeCase.onnx("QLinearConv")
            .operand(Tensor.ofIntegers(DataType.INT8, new long[] {-5, -3, -1, 1, 3, 5}, 1, 1, 1, 6))
            .scale(1f)
            .zero(DataType.INT8, 0)
            .operand(Tensor.ofIntegers(DataType.INT8, new long[] {1}, 1, 1, 1, 1))
            .scale(1f)
            .zero(DataType.INT8, 0)
            .scale(2f)
            .zero(DataType.INT8, 1);
    assertArrayEquals(new long[] {-1, -1, 1, 1, 3, 3}, node.runExactly("ties").integers());
  }

  @Test
  void clampsToTheBoundsOfAFusedActivation() {
    NodeCase node =
        pointwise(3, 2, 5, 5)
            .with(Attribute.of(IntegerDialect.OUTPUT_MIN, -1))
            .with(Attribute.of(IntegerDialect.OUTPUT_MAX, 20));
    long[] y = node.runExactly("bounds").integers();
    assertEquals(-1, Arrays.stream(y).min().orElseThrow());
    assertTrue(Arrays.stream(y).max().orElseThrow() <= 20);
  }

  @Test
  void addsConstantWeightsWhoseSumsLeaveInt32() {
    long depth = 80_000;
    long[] weights = new long[(int) depth];
    Arrays.fill(weights, -128);
    NodeCase.onnx("QLinearConv")
        .operand(NodeCase.random(new Random(SEED), DataType.UINT8, 1, depth, 1, 1))
        .scale(1f)
        .zero(DataType.UINT8, 0)
        .operand(Tensor.ofIntegers(DataType.INT8, weights, 1, depth, 1, 1))
        .scale(1f)
        .zero(DataType.INT8, 0)
        .scale(0x1p24f)
        .zero(DataType.UINT8, 255)
        .runExactly("sums down to -2611200000");
  }

  @Test
  void acceptsLongSumsOfSmallConstantWeights() {
    long depth = 80_000;
    long[] weights = new long[(int) depth];
    Arrays.fill(weights, 100);
    NodeCase.onnx("QLinearConv")
        .operand(NodeCase.random(new Random(SEED), DataType.UINT8, 1, depth, 1, 1))
        .scale(1f)
        .zero(DataType.UINT8, 0)
        .operand(Tensor.ofIntegers(DataType.INT8, weights, 1, depth, 1, 1))
        .scale(1f)
        .zero(DataType.INT8, 0)
        .scale(0x1p23f)
        .zero(DataType.UINT8, 0)
        .runWithinBound("long sums");
  }

  @Test
  void givesTheSameBitsForAnyNumberOfThreads() {
    Random random = new Random(SEED);
    NodeCase node =
        NodeCase.onnx("QLinearConv")
            .operand(NodeCase.random(random, DataType.UINT8, 2, 6, 37, 41))
            .scale(0.3f)
            .zero(DataType.UINT8, 7)
            .operand(NodeCase.random(random, DataType.INT8, 8, 3, 3, 3))
            .scale(0.2f)
            .zero(DataType.INT8, 0)
            .scale(31f)
            .zero(DataType.UINT8, 120)
            .with(Attribute.of("group", 2))
            .with(Attribute.of("pads", List.of(1L, 1L, 1L, 1L)));
    Tensor alone = run(node, 1);
    for (int threads : new int[] {2, 3, 8}) {
      assertEquals(alone, run(node, threads));
    }
    assertEquals(alone, node.run().result());
  }

  /** Runs with the input given in the run, so that threads take part. */
  private static Tensor run(NodeCase node, int threads) {
    Map<String, Tensor> constants = new java.util.LinkedHashMap<>(node.operands());
    Tensor x = constants.remove("v0");
    Graph graph =
        new Graph(
            "conv",
            List.of(ValueInfo.of("v0", x.type())),
            List.of(ValueInfo.of("result", x.type())),
            constants,
            List.of(node.node()),
            Map.of(),
            Optional.empty());
    try (GraphExecutor executor = GraphExecutor.of(Model.of(graph, 21), threads)) {
      return executor.run(Map.of("v0", x)).values().iterator().next();
    }
  }
}
