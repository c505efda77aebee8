package dev.octet.kernels.integer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.dialect.IntegerDialect;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Elementwise operators, pools and means where an operand or the result has 16 bits. */
class SixteenBitsTest {

  private static final long SEED = 1606;
  private static final List<DataType> ALL =
      List.of(DataType.INT16, DataType.UINT16, DataType.INT8, DataType.UINT8);

  private static DataType any(Random random) {
    return ALL.get(random.nextInt(ALL.size()));
  }

  private static DataType sixteenBits(Random random) {
    return ALL.get(random.nextInt(2));
  }

  /** Two operands of which at least one has 16 bits, or the result. */
  private static NodeCase binary(
      String op, Random random, boolean exact, long[] aSizes, long[] bSizes) {
    DataType[] types = {any(random), any(random), any(random)};
    types[random.nextInt(3)] = sixteenBits(random);
    NodeCase node = NodeCase.microsoft(op);
    long[][] sizes = {aSizes, bSizes};
    for (int i = 0; i < 2; i++) {
      node.operand(NodeCase.random(random, types[i], sizes[i]))
          .scale(exact ? NodeCase.powerOfTwo(random, -4, -2) : 0.01f + random.nextFloat())
          .zero(types[i], NodeCase.zeroPoint(random, types[i]));
    }
    float largest = op.equals("QLinearMul") ? 40_000f : 1f;
    float scale =
        exact ? NodeCase.powerOfTwo(random, -2, 2) : largest * (0.1f + random.nextFloat());
    return node.scale(scale).zero(types[2], NodeCase.zeroPoint(random, types[2]));
  }

  @Test
  void addsExactlyWhereScalesArePowersOfTwo() {
    Random random = new Random(SEED);
    for (long size : new long[] {0, 1, 7, 8, 9, 1023, 1024, 1025, 40_000}) {
      long[] sizes = {size};
      binary("QLinearAdd", random, true, sizes, sizes).runExactly("size " + size);
    }
  }

  @Test
  void addsAndMultipliesWithinTheBoundOfRounding() {
    Random random = new Random(SEED);
    for (String op : new String[] {"QLinearAdd", "QLinearMul"}) {
      for (int draw = 0; draw < 60; draw++) {
        long[] sizes = {1 + random.nextInt(200)};
        binary(op, random, false, sizes, sizes).runWithinBound(op + " draw " + draw);
      }
    }
  }

  @Test
  void broadcastsOperands() {
    Random random = new Random(SEED);
    long[][][] shapes = {
      {{2, 3, 4}, {3, 1}}, {{5}, {}}, {{1, 4}, {6, 1, 1}}, {{2, 3, 700}, {3, 1}}, {{}, {2, 1500}}
    };
    for (String op : new String[] {"QLinearAdd", "QLinearMul"}) {
      for (long[][] pair : shapes) {
        binary(op, random, false, pair[0], pair[1]).runWithinBound(op + " " + pair[0].length);
      }
    }
  }

  /** ONNX QuantizeLinear rounds first; the 8-bit rule would give 2 and 2. */
  @Test
  void addsTheZeroPointAfterRounding() {
    NodeCase node =
        NodeCase.microsoft("QLinearAdd")
            .operand(Tensor.ofIntegers(DataType.INT16, new long[] {1, 3}, 2))
            .scale(0.5f)
            .zero(DataType.INT16, 0)
            .operand(Tensor.ofIntegers(DataType.INT16, new long[] {0}, 1))
            .scale(1f)
            .zero(DataType.INT16, 0)
            .scale(1f)
            .zero(DataType.INT16, 1);
    assertArrayEquals(new long[] {1, 3}, node.run().result().integers());
  }

  @Test
  void saturatesAndKeepsWithinTheBoundsOfAFusedActivation() {
    NodeCase node =
        NodeCase.microsoft("QLinearMul")
            .operand(Tensor.ofIntegers(DataType.UINT16, new long[] {0, 32_768, 65_535}, 3))
            .scale(1f)
            .zero(DataType.UINT16, 32_768)
            .operand(Tensor.ofIntegers(DataType.INT8, new long[] {2}, 1))
            .scale(1f)
            .zero(DataType.INT8, 0)
            .scale(1f)
            .zero(DataType.INT16, 0);
    assertArrayEquals(new long[] {-32_768, 0, 32_767}, node.run().result().integers());
    node.with(Attribute.of(IntegerDialect.OUTPUT_MIN, -5))
        .with(Attribute.of(IntegerDialect.OUTPUT_MAX, 1000));
    assertArrayEquals(new long[] {-5, 0, 1000}, node.run().result().integers());
  }

  /** Every integer of a type, or some of them with its extremes. */
  private static Tensor integers(DataType type, int step) {
    IntegerRange range = IntegerRange.of(type);
    int count = (range.max() - range.min()) / step + 1;
    long[] values = new long[count + 1];
    for (int i = 0; i < count; i++) {
      values[i] = range.min() + (long) i * step;
    }
    values[count] = range.max();
    return Tensor.ofIntegers(type, values, values.length);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"INT16", "UINT16"})
  void requantizesEveryIntegerToEveryType(DataType type) {
    for (DataType result : ALL) {
      NodeCase.of(IntegerDialect.REQUANTIZE)
          .operand(integers(type, 1))
          .scale(0x1p-9f)
          .zero(type, 11)
          .scale(0x1p-8f)
          .zero(result, 7)
          .runExactly(type + " to " + result);
    }
    for (DataType narrow : List.of(DataType.INT8, DataType.UINT8)) {
      NodeCase.of(IntegerDialect.REQUANTIZE)
          .operand(integers(narrow, 1))
          .scale(0.031f)
          .zero(narrow, 9)
          .scale(0.00027f)
          .zero(type, 1000)
          .runWithinBound(narrow + " to " + type);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"INT16", "UINT16"})
  void everyFunctionOfOneTensorIsWithinItsOracle(DataType type) {
    float[][] scales = {{0x1p-12f, 0.00037f}, {0.0005f, 1f / 65_536}};
    for (float[] pair : scales) {
      for (NodeCase function : NodeCase.functions()) {
        function
            .operand(integers(type, 53))
            .scale(pair[0])
            .zero(type, type == DataType.INT16 ? -5 : 32_768)
            .scale(pair[1])
            .zero(type, 3)
            .runWithinBound(type + " " + pair[0]);
      }
    }
  }

  @Test
  void concatenatesPartsOfOneMeaningAndOfOthers() {
    Random random = new Random(SEED);
    for (int axis = 0; axis < 2; axis++) {
      long[] other = axis == 0 ? new long[] {2, 1030} : new long[] {3, 5};
      Tensor first = NodeCase.random(random, DataType.INT16, 3, 1030);
      NodeCase node =
          NodeCase.microsoft("QLinearConcat")
              .scale(0.5f)
              .zero(DataType.INT16, 7)
              .operand(first)
              .scale(0.5f)
              .zero(DataType.INT16, 7)
              .operand(NodeCase.random(random, DataType.UINT16, other))
              .scale(0.25f)
              .zero(DataType.UINT16, 40_000)
              .operand(NodeCase.random(random, DataType.INT8, other))
              .scale(8f)
              .zero(DataType.INT8, -3)
              .with(Attribute.of("axis", axis));
      long[] all = node.runExactly("axis " + axis).integers();
      for (int i = 0; i < 1030; i++) {
        assertEquals(first.integers()[i], all[i]);
      }
      node.with(Attribute.of(IntegerDialect.OUTPUT_MIN, 7));
      long[] bounded = node.run().result().integers();
      for (int i = 0; i < all.length; i++) {
        assertEquals(Math.max(7, all[i]), bounded[i]);
      }
    }
  }

  @Test
  void averagesWindows() {
    Random random = new Random(SEED);
    for (int draw = 0; draw < 12; draw++) {
      DataType x = draw % 3 == 0 ? NodeCase.eightBits(random) : sixteenBits(random);
      DataType y = draw % 3 == 1 ? NodeCase.eightBits(random) : sixteenBits(random);
      NodeCase.microsoft("QLinearAveragePool")
          .operand(NodeCase.random(random, x, 2, 3, 9, 10))
          .scale(0.5f)
          .zero(x, NodeCase.zeroPoint(random, x))
          .scale(0.7f)
          .zero(y, NodeCase.zeroPoint(random, y))
          .with(Attribute.of("kernel_shape", List.of(3L, 2L)))
          .with(Attribute.of("strides", List.of(2L, 3L)))
          .with(Attribute.of("pads", List.of(1L, 0L, 1L, 1L)))
          .with(Attribute.of("count_include_pad", draw % 2))
          .with(Attribute.of(IntegerDialect.ROUND_FIRST, draw / 6))
          .runWithinBound("draw " + draw);
    }
  }

  private static final OpType SUM = new OpType(IntegerDialect.OCTET, "QLinearReduceSum");

  private static NodeCase mean(OpType op, DataType x, DataType y, Tensor values) {
    return NodeCase.of(op).operand(values).scale(1f).zero(x, 4).scale(0.5f).zero(y, 1);
  }

  @Test
  void takesMeansOverSpaceAndOverStatedAxes() {
    Random random = new Random(SEED);
    for (int draw = 0; draw < 12; draw++) {
      DataType x = draw % 3 == 0 ? NodeCase.eightBits(random) : sixteenBits(random);
      DataType y = draw % 3 == 1 ? NodeCase.eightBits(random) : sixteenBits(random);
      Tensor values = NodeCase.random(random, x, 2, 3, 4, 1 + draw);
      mean(IntegerDialect.microsoft("QLinearGlobalAveragePool"), x, y, values)
          .runWithinBound("pool " + draw);
      for (List<Long> axes : List.of(List.of(0L), List.of(1L, -1L), List.of(0L, 1L, 2L, 3L))) {
        for (OpType op : List.of(IntegerDialect.microsoft("QLinearReduceMean"), SUM)) {
          mean(op, x, y, values)
              .with(Attribute.of("axes", axes))
              .with(Attribute.of("keepdims", draw % 2))
              .runWithinBound(op + " " + axes + " draw " + draw);
        }
      }
    }
  }

  @Test
  void sumsOfMeansLeave32Bits() {
    int count = 1 << 17;
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = 65_535 - i % 2;
    }
    Tensor x = Tensor.ofIntegers(DataType.UINT16, values, 1, 1, count / 4, 4);
    long[] y =
        NodeCase.microsoft("QLinearGlobalAveragePool")
            .operand(x)
            .scale(1f)
            .zero(DataType.UINT16, 0)
            .scale(0.5f)
            .zero(DataType.UINT16, 0)
            .with(Attribute.of(IntegerDialect.OUTPUT_MAX, 65_535))
            .run()
            .result()
            .integers();
    assertArrayEquals(new long[] {65_535}, y);
    long[] half =
        NodeCase.microsoft("QLinearGlobalAveragePool")
            .operand(x)
            .scale(1f)
            .zero(DataType.UINT16, 0)
            .scale(2f)
            .zero(DataType.UINT16, 0)
            .run()
            .result()
            .integers();
    // The mean is 65534.5; the sum of 2^17 of them is 65534.5 * 2^17 exactly in float32.
    assertArrayEquals(new long[] {32_767}, half);
  }

  private static NodeCase softmax(Tensor x, float scale, long zero, DataType y, long yZero) {
    return NodeCase.microsoft("QLinearSoftmax")
        .operand(x)
        .scale(scale)
        .zero(x.dataType(), zero)
        .scale(y.bits() == 8 ? 1f / 256 : 1f / 32_768)
        .zero(y, yZero)
        .with(Attribute.of("axis", -1L))
        .with(Attribute.of("opset", 13L));
  }

  @Test
  void softmaxRoundsEveryShareToTheNearest() {
    Tensor x =
        Tensor.ofIntegers(DataType.INT16, new long[] {7, 7, 7, -32_768, 32_767, 32_767}, 2, 3);
    long[] y = softmax(x, 0.1f, 0, DataType.INT16, 0).run().result().integers();
    assertArrayEquals(new long[] {10_923, 10_923, 10_923, 0, 16_384, 16_384}, y);
  }

  @Test
  void softmaxSaturates() {
    for (long x : new long[] {-32_768, 0, 32_767}) {
      Tensor one = Tensor.ofIntegers(DataType.INT16, new long[] {x}, 1, 1);
      assertArrayEquals(
          new long[] {32_767}, softmax(one, 1f, 3, DataType.INT16, 0).run().result().integers());
      assertArrayEquals(
          new long[] {65_535},
          softmax(one, 1f, 3, DataType.UINT16, 40_000).run().result().integers());
    }
  }

  /** Along every axis, rows of every length around those of vectors, and none. */
  @Test
  void softmaxStaysWithinTheRoundingBound() {
    Random random = new Random(SEED);
    for (DataType from : new DataType[] {DataType.INT16, DataType.UINT16, DataType.INT8}) {
      for (int length : new int[] {0, 1, 15, 16, 17, 300}) {
        Tensor x = NodeCase.random(random, from, 3, length);
        long zero = NodeCase.zeroPoint(random, from);
        DataType to = from == DataType.INT8 || length > 16 ? DataType.UINT16 : DataType.UINT8;
        softmax(x, 0.0003f, zero, to, 5).runWithinBound(from + " " + length);
      }
      for (int axis = 0; axis < 3; axis++) {
        for (int opset : new int[] {12, 13}) {
          NodeCase.microsoft("QLinearSoftmax")
              .operand(NodeCase.random(random, from, 4, 5, 6))
              .scale(0.0002f)
              .zero(from, 17)
              .scale(0.00003f)
              .zero(DataType.INT16, -30_000)
              .with(Attribute.of("axis", axis))
              .with(Attribute.of("opset", opset))
              .runWithinBound("softmax axis " + axis + " opset " + opset);
        }
      }
    }
  }
}
