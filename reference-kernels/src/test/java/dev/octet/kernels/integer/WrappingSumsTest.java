package dev.octet.kernels.integer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.dialect.SumRule;
import dev.octet.kernels.exact.ExactResult;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums of 8 bits that leave int32, under both of the rules that a node can have. */
class WrappingSumsTest {

  private static final long SEED = 2611;
  private static final int MIN = Integer.MIN_VALUE;
  private static final int MAX = Integer.MAX_VALUE;

  /** What a step of the result is, so that the whole of int32 has 256 of them. */
  private static final float STEP = 0x1p24f;

  /** A convolution of one number by -1, 0 and 1, whose channels have a bias each. */
  private static NodeCase dead(int x, int... biases) {
    int channels = biases.length;
    long[] weights = new long[channels];
    for (int m = 0; m < channels; m++) {
      weights[m] = m % 3 - 1;
    }
    return NodeCase.onnx("QLinearConv")
        .operand(Tensor.ofIntegers(DataType.UINT8, new long[] {x}, 1, 1, 1, 1))
        .scale(1)
        .zero(DataType.UINT8, 0)
        .operand(Tensor.ofIntegers(DataType.INT8, weights, channels, 1, 1, 1))
        .scale(1)
        .zero(DataType.INT8, 0)
        .scale(STEP)
        .zero(DataType.INT8, 0)
        .operand(Tensor.of(biases, channels));
  }

  /** A dead channel has the least bias: what a number takes away from it comes out at the top. */
  @Test
  void aSumBelowInt32IsOneAtItsTop() {
    NodeCase node = dead(5, MIN, MIN, MIN);
    // -2^31 - 5 wraps to 2^31 - 5, which is 128 steps and saturates; -2^31 + 5 is -128 steps.
    assertArrayEquals(new long[] {127, -128, -128}, node.runExactly("wrapped").integers());
  }

  @Test
  void aSumAboveInt32IsOneAtItsBottom() {
    NodeCase node = dead(5, MAX, MAX, MAX);
    assertArrayEquals(new long[] {127, 127, -128}, node.runExactly("wrapped").integers());
  }

  /** The node that DequantizeLinear, Conv and QuantizeLinear became means what they mean. */
  @Test
  void exactSumsSaturateInTheResultAlone() {
    NodeCase below = dead(5, MIN, MIN, MIN).with(SumRule.exact());
    assertArrayEquals(new long[] {-128, -128, -128}, below.runExactly("exact").integers());
    NodeCase above = dead(5, MAX, MAX, MAX).with(SumRule.exact());
    assertArrayEquals(new long[] {127, 127, 127}, above.runExactly("exact").integers());
  }

  /** Every path of the kernels: planes, pairs of channels, depthwise and grouped. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void convolutionsWrapAsTheOracleDoes(int groups) {
    Random random = new Random(SEED);
    for (int draw = 0; draw < 24; draw++) {
      DataType xType = NodeCase.eightBits(random);
      DataType wType = NodeCase.eightBits(random);
      int side = 3 + random.nextInt(9);
      NodeCase node =
          NodeCase.onnx("QLinearConv")
              .operand(NodeCase.random(random, xType, 1, 8, side, side))
              .scale(1)
              .zero(xType, NodeCase.zeroPoint(random, xType))
              .operand(NodeCase.random(random, wType, 16, 8 / groups, 3, 3))
              .scale(1)
              .zero(wType, NodeCase.zeroPoint(random, wType))
              .scale(STEP)
              .zero(xType, NodeCase.zeroPoint(random, xType))
              .operand(Tensor.of(atTheEnds(random, 16), 16))
              .with(Attribute.of("group", (long) groups))
              .with(Attribute.of("pads", List.of(1L, 1L, 1L, 1L)));
      node.runExactly("seed " + SEED + " draw " + draw + " groups " + groups);
    }
  }

  @Test
  void productsWithAddendsWrapAsTheOracleDoes() {
    Random random = new Random(SEED);
    for (int draw = 0; draw < 24; draw++) {
      DataType aType = NodeCase.eightBits(random);
      DataType bType = NodeCase.eightBits(random);
      int rows = 1 + random.nextInt(9);
      NodeCase node =
          NodeCase.microsoft("QGemm")
              .operand(NodeCase.random(random, aType, rows, 300))
              .scale(1)
              .zero(aType, NodeCase.zeroPoint(random, aType))
              .operand(NodeCase.random(random, bType, 300, 17))
              .scale(1)
              .zero(bType, NodeCase.zeroPoint(random, bType))
              .operand(Tensor.of(atTheEnds(random, 17), 17))
              .scale(STEP)
              .zero(aType, NodeCase.zeroPoint(random, aType));
      node.runExactly("seed " + SEED + " draw " + draw);
    }
  }

  @Test
  void floatsOfAWrappedSumAreItsOwn() {
    Tensor y =
        NodeCase.microsoft("QGemm")
            .operand(Tensor.ofIntegers(DataType.INT8, new long[] {-3}, 1, 1))
            .scale(0.5f)
            .zero(DataType.INT8, 0)
            .operand(Tensor.ofIntegers(DataType.INT8, new long[] {1, -1}, 1, 2))
            .scale(0.25f)
            .zero(DataType.INT8, 0)
            .operand(Tensor.of(new int[] {MIN, MAX}, 2))
            .run()
            .result();
    assertArrayEquals(new float[] {0x1p28f, -0x1p28f}, y.floats());
  }

  /** 255 * 255 * 33 026 is 2^31 + 32 002. */
  @ParameterizedTest
  @ValueSource(ints = {33_025, 33_026})
  void longSumsOfTheLargestProductsWrap(int depth) {
    long[] most = new long[depth];
    Arrays.fill(most, 255);
    Tensor y =
        NodeCase.onnx("QLinearMatMul")
            .operand(Tensor.ofIntegers(DataType.UINT8, most, 1, depth))
            .scale(1)
            .zero(DataType.UINT8, 0)
            .operand(Tensor.ofIntegers(DataType.UINT8, most, depth, 1))
            .scale(1)
            .zero(DataType.UINT8, 0)
            .scale(STEP)
            .zero(DataType.UINT8, 128)
            .runExactly(depth + " products");
    assertEquals(depth == 33_025 ? 255 : 0, y.integers()[0]);
  }

  /** An addend of 64 bits, and operands or a result of 16, have exact sums by any rule. */
  @Test
  void wideOperandsDoNotWrap() {
    NodeCase wideAddend =
        NodeCase.microsoft("QGemm")
            .operand(Tensor.ofIntegers(DataType.INT8, new long[] {-3}, 1, 1))
            .scale(1)
            .zero(DataType.INT8, 0)
            .operand(Tensor.ofIntegers(DataType.INT8, new long[] {1}, 1, 1))
            .scale(1)
            .zero(DataType.INT8, 0)
            .operand(Tensor.of(new long[] {MIN}, 1))
            .scale(STEP)
            .zero(DataType.INT8, 0);
    assertEquals(-128, wideAddend.runExactly("int64").integers()[0]);
    NodeCase wideResult =
        NodeCase.microsoft("QGemm")
            .operand(Tensor.ofIntegers(DataType.INT8, new long[] {-3}, 1, 1))
            .scale(1)
            .zero(DataType.INT8, 0)
            .operand(Tensor.ofIntegers(DataType.INT8, new long[] {1}, 1, 1))
            .scale(1)
            .zero(DataType.INT8, 0)
            .operand(Tensor.of(new int[] {MIN}, 1))
            .scale(STEP)
            .zero(DataType.INT16, 0);
    assertEquals(-128, wideResult.runExactly("int16").integers()[0]);
  }

  /** A runtime that saturates instead is not within the bound of float arithmetic. */
  @Test
  void theOracleDoesNotExplainASaturatedSum() {
    ExactResult exact = dead(5, MIN, MIN, MIN).run().exact();
    assertEquals(127, exact.integer(0));
    assertEquals(false, exact.explains(0, -128));
  }

  /** Biases at the ends of int32, and a few in the middle. */
  private static int[] atTheEnds(Random random, int count) {
    int[] biases = new int[count];
    for (int i = 0; i < count; i++) {
      int near = random.nextInt(1 << 18);
      biases[i] = i % 3 == 0 ? MIN + near : i % 3 == 1 ? MAX - near : near;
    }
    return biases;
  }
}
