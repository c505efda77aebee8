package dev.octet.kernels.integer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.dialect.IntegerDialect;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QLinearConvTransposeTest {

  private static final long SEED = 4711;

  private static NodeCase node() {
    return NodeCase.of(new OpType(IntegerDialect.OCTET, "QLinearConvTranspose"));
  }

  /** A random one over some number of spatial dimensions. */
  private static NodeCase random(
      Random random, int spatial, DataType xType, DataType wType, boolean powersOfTwo) {
    long groups = 1 + random.nextInt(3);
    long inChannels = 1 + random.nextInt(5);
    long outChannels = 1 + random.nextInt(4);
    long[] x = new long[2 + spatial];
    long[] w = new long[2 + spatial];
    x[0] = 1 + random.nextInt(2);
    x[1] = groups * inChannels;
    w[0] = x[1];
    w[1] = outChannels;
    Long[] strides = new Long[spatial];
    Long[] dilations = new Long[spatial];
    Long[] more = new Long[spatial];
    Long[] pads = new Long[2 * spatial];
    for (int i = 0; i < spatial; i++) {
      strides[i] = 1L + random.nextInt(3);
      dilations[i] = 1L + random.nextInt(2);
      w[2 + i] = 1 + random.nextInt(4);
      x[2 + i] = 3 + random.nextInt(spatial == 3 ? 3 : 12);
      more[i] = (long) random.nextInt((int) Math.max(strides[i], dilations[i]));
      pads[i] = (long) random.nextInt(2);
      pads[spatial + i] = (long) random.nextInt(2);
    }
    DataType yType = NodeCase.eightBits(random);
    int scales = random.nextBoolean() ? (int) outChannels : 1;
    float[] wScales = new float[scales];
    long[] wZeros = new long[scales];
    for (int i = 0; i < scales; i++) {
      wScales[i] = scale(random, powersOfTwo);
      wZeros[i] = NodeCase.zeroPoint(random, wType);
    }
    NodeCase node =
        node()
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
            .with(Attribute.of("output_padding", Arrays.asList(more)))
            .with(Attribute.of("pads", Arrays.asList(pads)));
    if (random.nextBoolean()) {
      int[] bias = random.ints(groups * outChannels, -100_000, 100_000).toArray();
      node.operand(Tensor.of(bias, bias.length));
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
      DataType x = NodeCase.eightBits(random);
      DataType w = NodeCase.eightBits(random);
      random(random, 1 + draw % 3, x, w, true).runExactly("seed " + SEED + " draw " + draw);
    }
  }

  @Test
  void addsIntegersOfSixteenBitsExactly() {
    Random random = new Random(SEED);
    for (int draw = 0; draw < 30; draw++) {
      DataType x = draw % 2 == 0 ? DataType.INT16 : DataType.UINT16;
      random(random, 1 + draw % 3, x, DataType.INT8, true)
          .runWithinBound("seed " + SEED + " draw " + draw);
    }
  }

  @Test
  void staysWithinTheRoundingBoundForAnyScale() {
    Random random = new Random(SEED);
    for (int draw = 0; draw < 40; draw++) {
      random(random, 2, DataType.INT8, DataType.INT8, false)
          .runWithinBound("seed " + SEED + " draw " + draw);
    }
  }

  @Test
  void takesWeightsOfFewerBits() {
    for (DataType type : List.of(DataType.INT4, DataType.UINT4, DataType.INT2, DataType.UINT2)) {
      plain(type, 1, 3, 4, 5, 5).runExactly(type.toString());
    }
  }

  /** A kernel of 3 by 2 with strides of 2 and 3. */
  private static NodeCase plain(
      DataType type, long images, long inputs, long outputs, long height, long width) {
    Random random = new Random(SEED);
    return node()
        .operand(NodeCase.random(random, DataType.INT8, images, inputs, height, width))
        .scale(0.5f)
        .zero(DataType.INT8, 9)
        .operand(NodeCase.random(random, type, inputs, outputs, 3, 2))
        .scale(0.25f)
        .zero(type, 1)
        .scale(32f)
        .zero(DataType.INT8, 1)
        .with(Attribute.of("strides", List.of(2L, 3L)));
  }

  @Test
  void agreesWithExactArithmeticAroundTheSizesOfLanesAndPieces() {
    for (int width : new int[] {1, 7, 8, 9, 31, 32, 33}) {
      plain(DataType.INT8, 1, 3, 2, 1, width).runExactly("width " + width);
    }
  }

  @Test
  void agreesWithExactArithmeticWhereThereAreMoreProductsThanAreKeptAtATime() {
    Random random = new Random(SEED);
    node()
        .operand(NodeCase.random(random, DataType.UINT8, 1, 2, 300))
        .scale(0.5f)
        .zero(DataType.UINT8, 130)
        .operand(NodeCase.random(random, DataType.INT8, 2, 64, 64))
        .scale(0.25f)
        .zero(DataType.INT8, 0)
        .scale(64f)
        .zero(DataType.INT8, 1)
        .runExactly("1 228 800 products");
  }

  @Test
  void resolvesAutoPadAndOutputShape() {
    for (String auto : List.of("SAME_UPPER", "SAME_LOWER", "VALID")) {
      plain(DataType.INT8, 1, 2, 3, 4, 5).with(Attribute.of("auto_pad", auto)).runExactly(auto);
    }
    plain(DataType.INT8, 1, 2, 3, 4, 5)
        .with(Attribute.of("output_shape", List.of(6L, 11L)))
        .runExactly("output_shape");
  }

  @Test
  void givesNothingForNoImagesAndTheBiasForNoChannels() {
    assertEquals(0, plain(DataType.INT8, 0, 3, 2, 4, 4).run().result().elementCount());
    long[] without = plain(DataType.INT8, 1, 0, 2, 4, 4).run().result().integers();
    assertEquals(2 * 9 * 11, without.length);
    assertTrue(Arrays.stream(without).allMatch(y -> y == 1));
  }

  @Test
  void addsConstantWeightsWhoseSumsLeaveInt32() {
    int depth = 80_000;
    long[] weights = new long[depth];
    Arrays.fill(weights, -128);
    node()
        .operand(NodeCase.random(new Random(SEED), DataType.UINT8, 1, depth, 1))
        .scale(1f)
        .zero(DataType.UINT8, 0)
        .operand(Tensor.ofIntegers(DataType.INT8, weights, depth, 1, 1))
        .scale(1f)
        .zero(DataType.INT8, 0)
        .scale(0x1p24f)
        .zero(DataType.UINT8, 255)
        .runExactly("sums down to -2611200000");
  }

  @Test
  void clampsToTheBoundsOfAFusedActivation() {
    long[] y =
        plain(DataType.INT8, 1, 3, 2, 5, 5)
            .with(Attribute.of(IntegerDialect.OUTPUT_MIN, 1))
            .with(Attribute.of(IntegerDialect.OUTPUT_MAX, 20))
            .runExactly("bounds")
            .integers();
    assertArrayEquals(
        new long[] {1, 20},
        new long[] {Arrays.stream(y).min().orElseThrow(), Arrays.stream(y).max().orElseThrow()});
  }

  @Test
  void refusesABiasOfAnotherNumberOfChannels() {
    NodeCase node = plain(DataType.INT8, 1, 3, 2, 5, 5).operand(Tensor.of(new int[3], 3));
    OctetException refused = assertThrows(OctetException.class, node::run);
    assertTrue(
        refused.getMessage().contains("INT32[3] as bias of 2 channels"), refused.getMessage());
  }
}
