package dev.octet.kernels.integer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.dialect.SumRule;
import dev.octet.kernels.exact.ExactResult;
import dev.octet.kernels.execute.GraphExecutor;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Convolutions and matrix products with sums of 64 bits: the sums of the oracle, and the written
 * rounding of them, bit for bit.
 */
class WideSumsTest {

  private static final long SEED = 4711;
  private static final float X_SCALE = 0x1p-9f;
  private static final float W_SCALE = 0x1p-6f;

  private static DataType sixteenBits(Random random) {
    return random.nextBoolean() ? DataType.INT16 : DataType.UINT16;
  }

  private static DataType any(Random random) {
    return random.nextBoolean() ? sixteenBits(random) : NodeCase.eightBits(random);
  }

  private static DataType weight(Random random) {
    DataType[] types = {DataType.INT8, DataType.UINT8, DataType.INT4, DataType.INT16};
    return types[random.nextInt(types.length)];
  }

  private static Tensor longs(Random random, int count, long bound) {
    long[] values = random.longs(count, -bound, bound).toArray();
    return Tensor.of(values, count);
  }

  /** Runs a node, and compares each integer with what the rule makes of the exact sum. */
  private static Tensor runByTheRule(NodeCase node, float yScale, String description) {
    NodeRun run = node.run();
    ExactResult exact = run.exact();
    long[] actual = run.result().integers();
    IntegerRange range = IntegerRange.of(run.result().dataType());
    float multiplier = X_SCALE * W_SCALE / yScale;
    for (int i = 0; i < actual.length; i++) {
      BigDecimal sum = exact.element(i).value().divide(new BigDecimal(multiplier));
      long zero = exact.element(i).zeroPoint();
      float product = sum.floatValue() * multiplier;
      double clamped = Math.min(Math.max(product, range.min() - zero), range.max() - zero);
      assertEquals((long) Math.rint(clamped) + zero, actual[i], description + " at " + i);
    }
    return run.result();
  }

  private static NodeCase convolution(Random random, int spatial, float yScale) {
    long groups = 1 + random.nextInt(2);
    long inChannels = 1 + random.nextInt(4);
    long outChannels = groups * (1 + random.nextInt(3));
    long[] x = new long[2 + spatial];
    long[] w = new long[2 + spatial];
    Long[] strides = new Long[spatial];
    Long[] dilations = new Long[spatial];
    Long[] pads = new Long[2 * spatial];
    x[0] = 1 + random.nextInt(2);
    x[1] = groups * inChannels;
    w[0] = outChannels;
    w[1] = inChannels;
    for (int i = 0; i < spatial; i++) {
      strides[i] = 1L + random.nextInt(3);
      dilations[i] = 1L + random.nextInt(2);
      w[2 + i] = 1 + random.nextInt(3);
      long span = (w[2 + i] - 1) * dilations[i] + 1;
      pads[i] = (long) random.nextInt((int) span);
      pads[spatial + i] = (long) random.nextInt((int) span);
      x[2 + i] = span + random.nextInt(6);
    }
    DataType xType = sixteenBits(random);
    DataType wType = weight(random);
    DataType yType = any(random);
    int zeros = random.nextBoolean() ? (int) outChannels : 1;
    long[] wZeros = new long[zeros];
    float[] wScales = new float[zeros];
    Arrays.fill(wScales, W_SCALE);
    Arrays.setAll(wZeros, i -> NodeCase.zeroPoint(random, wType));
    NodeCase node =
        NodeCase.onnx("QLinearConv")
            .operand(NodeCase.random(random, xType, x))
            .scale(X_SCALE)
            .zero(xType, NodeCase.zeroPoint(random, xType))
            .operand(NodeCase.random(random, wType, w))
            .scale(wScales)
            .zero(wType, wZeros)
            .scale(yScale)
            .zero(yType, NodeCase.zeroPoint(random, yType))
            .with(Attribute.of("group", groups))
            .with(Attribute.of("strides", Arrays.asList(strides)))
            .with(Attribute.of("dilations", Arrays.asList(dilations)))
            .with(Attribute.of("pads", Arrays.asList(pads)));
    return switch (random.nextInt(3)) {
      case 0 -> node;
      case 1 -> node.operand(longs(random, (int) outChannels, 1L << 40));
      default -> node.operand(Tensor.of(random.ints(outChannels).toArray(), outChannels));
    };
  }

  @Test
  void convolvesOverOneToThreeDimensions() {
    Random random = new Random(SEED);
    for (int draw = 0; draw < 150; draw++) {
      float yScale = NodeCase.powerOfTwo(random, -4, 12);
      NodeCase node = convolution(random, 1 + draw % 3, yScale);
      runByTheRule(node, yScale, "seed " + SEED + " draw " + draw);
    }
  }

  private static NodeCase matMul(Random random, DataType aType, DataType bType, float yScale) {
    long depth = 1 + random.nextInt(9);
    long columns = 1 + random.nextInt(5);
    long[] zeros = new long[random.nextBoolean() ? (int) columns : 1];
    float[] scales = new float[zeros.length];
    Arrays.fill(scales, W_SCALE);
    Arrays.setAll(zeros, i -> NodeCase.zeroPoint(random, bType));
    DataType yType = any(random);
    return NodeCase.onnx("QLinearMatMul")
        .operand(NodeCase.random(random, aType, 2, 1, 1 + random.nextInt(4), depth))
        .scale(X_SCALE)
        .zero(aType, NodeCase.zeroPoint(random, aType))
        .operand(NodeCase.random(random, bType, 3, depth, columns))
        .scale(scales)
        .zero(bType, zeros)
        .scale(yScale)
        .zero(yType, NodeCase.zeroPoint(random, yType));
  }

  @Test
  void multipliesStacksOfMatrices() {
    Random random = new Random(SEED);
    for (int draw = 0; draw < 100; draw++) {
      float yScale = NodeCase.powerOfTwo(random, -4, 8);
      DataType a = sixteenBits(random);
      DataType b = weight(random);
      runByTheRule(matMul(random, a, b, yScale), yScale, "seed " + SEED + " draw " + draw);
      runByTheRule(
          matMul(random, NodeCase.eightBits(random), DataType.INT16, yScale), yScale, "16 right");
    }
  }

  private static NodeCase few(
      Random random, DataType right, int rows, int depth, int columns, float yScale) {
    DataType a = sixteenBits(random);
    long[] zeros = random.nextBoolean() ? new long[columns] : new long[1];
    float[] scales = new float[zeros.length];
    Arrays.fill(scales, W_SCALE);
    Arrays.setAll(zeros, i -> NodeCase.zeroPoint(random, right));
    return NodeCase.onnx("QLinearMatMul")
        .operand(NodeCase.random(random, a, rows, depth))
        .scale(X_SCALE)
        .zero(a, NodeCase.zeroPoint(random, a))
        .operand(NodeCase.random(random, right, depth, columns))
        .scale(scales)
        .zero(right, zeros)
        .scale(yScale)
        .zero(DataType.INT16, NodeCase.zeroPoint(random, DataType.INT16));
  }

  /** Around four rows, strips of 1024 columns, ints of two or four columns, and 252 terms. */
  @Test
  void multipliesFewRowsOfEverySize() {
    Random random = new Random(SEED);
    DataType[] types = {
      DataType.INT8, DataType.UINT8, DataType.INT16, DataType.UINT16, DataType.INT4, DataType.UINT2
    };
    for (DataType right : types) {
      for (int rows : new int[] {0, 1, 3, 4, 5}) {
        runByTheRule(few(random, right, rows, 7, 6, 0x1p2f), 0x1p2f, right + " rows " + rows);
      }
      for (int depth : new int[] {0, 1, 3, 4, 5, 251, 252, 253, 505}) {
        runByTheRule(few(random, right, 1, depth, 3, 0x1p4f), 0x1p4f, right + " depth " + depth);
      }
      for (int columns : new int[] {1, 2, 3, 4, 5, 15, 16, 17, 1023, 1024, 1025, 2049}) {
        runByTheRule(
            few(random, right, 2, 5, columns, 0x1p2f), 0x1p2f, right + " columns " + columns);
      }
    }
  }

  /** One row of the smallest or largest integers, whose zero points are at the other end. */
  private static NodeCase extremes(
      DataType a, boolean aMin, DataType b, boolean bMin, int depth, float yScale) {
    IntegerRange left = IntegerRange.of(a);
    IntegerRange right = IntegerRange.of(b);
    long[] aElements = new long[depth];
    long[] bElements = new long[depth];
    Arrays.fill(aElements, aMin ? left.min() : left.max());
    Arrays.fill(bElements, bMin ? right.min() : right.max());
    return NodeCase.onnx("QLinearMatMul")
        .operand(Tensor.ofIntegers(a, aElements, 1, depth))
        .scale(X_SCALE)
        .zero(a, aMin ? left.max() : left.min())
        .operand(Tensor.ofIntegers(b, bElements, depth, 1))
        .scale(W_SCALE)
        .zero(b, bMin ? right.max() : right.min())
        .scale(yScale)
        .zero(DataType.INT16, 0);
  }

  /**
   * Sums leave int32 at once and 2^53 behind 2^21 terms of 16 bits; one part of them would leave
   * int32 behind 255 terms of 16 bits, or 65 535 of 8.
   */
  @Test
  void multipliesTheLargestIntegersOfFewRows() {
    Random random = new Random(SEED);
    int[] depths = {1, 252, 253, 256, 257, 65_531, 65_532, 65_533, 65_537, (1 << 21) + 3};
    for (int depth : depths) {
      float yScale = Math.scalb(1f, 32 - Integer.numberOfLeadingZeros(depth));
      for (int signs = 0; signs < 4; signs++) {
        for (DataType b : new DataType[] {sixteenBits(random), NodeCase.eightBits(random)}) {
          DataType a = sixteenBits(random);
          NodeCase node = extremes(a, signs % 2 == 0, b, signs < 2, depth, yScale);
          runByTheRule(node, yScale, a + " by " + b + ", " + depth + " terms, signs " + signs);
        }
      }
    }
  }

  @Test
  void multipliesWithAddendsOfEveryShapeAndTransposed() {
    Random random = new Random(SEED);
    long[][] shapes = {{}, {1}, {5}, {1, 5}, {3, 1}, {3, 5}};
    for (int draw = 0; draw < 96; draw++) {
      boolean ta = random.nextBoolean();
      boolean tb = random.nextBoolean();
      DataType aType = sixteenBits(random);
      DataType yType = any(random);
      float yScale = NodeCase.powerOfTwo(random, -4, 12);
      long[] shape = shapes[draw % shapes.length];
      int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
      NodeCase node =
          NodeCase.microsoft("QGemm")
              .operand(NodeCase.random(random, aType, ta ? 7 : 3, ta ? 3 : 7))
              .scale(X_SCALE)
              .zero(aType, NodeCase.zeroPoint(random, aType))
              .operand(NodeCase.random(random, DataType.INT8, tb ? 5 : 7, tb ? 7 : 5))
              .scale(W_SCALE, W_SCALE, W_SCALE, W_SCALE, W_SCALE)
              .zero(DataType.INT8, random.longs(5, -128, 128).toArray())
              .operand(
                  draw % 2 == 0
                      ? Tensor.of(random.longs(count, -1L << 42, 1L << 42).toArray(), shape)
                      : Tensor.of(random.ints(count).toArray(), shape))
              .scale(yScale)
              .zero(yType, NodeCase.zeroPoint(random, yType))
              .with(Attribute.of("transA", ta ? 1 : 0))
              .with(Attribute.of("transB", tb ? 1 : 0));
      runByTheRule(node, yScale, "seed " + SEED + " draw " + draw);
    }
  }

  @Test
  void givesFloatsWithoutAScaleOfTheResult() {
    Tensor y =
        NodeCase.microsoft("QGemm")
            .operand(Tensor.ofIntegers(DataType.INT16, new long[] {30000, -3}, 1, 2))
            .scale(0.5f)
            .zero(DataType.INT16, 0)
            .operand(Tensor.ofIntegers(DataType.INT8, new long[] {100, 7}, 2, 1))
            .scale(0.25f)
            .zero(DataType.INT8, 0)
            .operand(Tensor.of(new long[] {1L << 40}, 1))
            .run()
            .result();
    assertEquals((float) ((1L << 40) + 3_000_000 - 21) * 0.125f, y.floats()[0]);
  }

  private static NodeCase pointwise(long x, Tensor bias, float yScale) {
    return NodeCase.onnx("QLinearConv")
        .operand(Tensor.ofIntegers(DataType.INT16, new long[] {x}, 1, 1, 1, 1))
        .scale(X_SCALE)
        .zero(DataType.INT16, 0)
        .operand(Tensor.ofIntegers(DataType.INT8, new long[] {1}, 1, 1, 1, 1))
        .scale(W_SCALE)
        .zero(DataType.INT8, 0)
        .scale(yScale)
        .zero(DataType.INT16, 0)
        .operand(bias);
  }

  @Test
  void roundsTiesToEvenAndSaturates() {
    float one = X_SCALE * W_SCALE;
    long[] sums = {0, 1, 2, 3, 5, -1, -3, -5, 65_534, 65_535, 65_536, -65_536, -65_537, -65_540};
    long[] expected = {0, 0, 1, 2, 2, 0, -2, -2, 32_767, 32_767, 32_767, -32_768, -32_768, -32_768};
    for (int i = 0; i < sums.length; i++) {
      Tensor y = pointwise(0, Tensor.of(new long[] {sums[i]}, 1), 2 * one).run().result();
      assertEquals(expected[i], y.integers()[0], "sum " + sums[i]);
    }
  }

  @Test
  void addsBiasesOf48BitsExactly() {
    for (long bias : new long[] {(1L << 47) - 1, -(1L << 47), 0, 1}) {
      for (long x : new long[] {-32_768, -1, 0, 1, 32_767}) {
        float yScale = 0x1p18f;
        runByTheRule(pointwise(x, Tensor.of(new long[] {bias}, 1), yScale), yScale, "bias " + bias);
      }
    }
  }

  /** Around 2^52, up to which doubles compute, and where longs go on. */
  @Test
  void sumsAreTheSameInDoublesAndLongs() {
    long last = 1L << 52;
    for (long bias : new long[] {last - 1, last, last + 1, -last, -last - 1, 1L << 60}) {
      for (long x : new long[] {-32_768, 1, 32_767}) {
        Tensor addend = Tensor.of(new long[] {bias}, 1);
        runByTheRule(pointwise(x, addend, 0x1p24f), 0x1p24f, "bias " + bias);
        NodeCase gemm =
            NodeCase.microsoft("QGemm")
                .operand(Tensor.ofIntegers(DataType.INT16, new long[] {x, 3}, 1, 2))
                .scale(X_SCALE)
                .zero(DataType.INT16, 0)
                .operand(Tensor.ofIntegers(DataType.INT16, new long[] {7, -9}, 2, 1))
                .scale(W_SCALE)
                .zero(DataType.INT16, 0)
                .operand(addend)
                .scale(0x1p24f)
                .zero(DataType.INT16, 0);
        runByTheRule(gemm, 0x1p24f, "addend " + bias);
      }
    }
  }

  @Test
  void coversEveryTileOfAProductAndAPlane() {
    Random random = new Random(SEED);
    for (int transposed = 0; transposed < 2; transposed++) {
      DataType type = sixteenBits(random);
      NodeCase gemm =
          NodeCase.microsoft("QGemm")
              .operand(NodeCase.random(random, type, 129, 33))
              .scale(X_SCALE)
              .zero(type, NodeCase.zeroPoint(random, type))
              .operand(
                  transposed == 0
                      ? NodeCase.random(random, DataType.INT8, 33, 257)
                      : NodeCase.random(random, DataType.INT8, 257, 33))
              .scale(W_SCALE)
              .zero(DataType.INT8, 5)
              .without()
              .scale(0x1p4f)
              .zero(DataType.INT16, -3)
              .with(Attribute.of("transB", transposed));
      runByTheRule(gemm, 0x1p4f, "transposed " + transposed);
    }
    NodeCase convolution =
        NodeCase.onnx("QLinearConv")
            .operand(NodeCase.random(random, DataType.UINT16, 1, 4, 61, 37))
            .scale(X_SCALE)
            .zero(DataType.UINT16, 30_000)
            .operand(NodeCase.random(random, DataType.INT16, 6, 2, 3, 3))
            .scale(W_SCALE)
            .zero(DataType.INT16, 11)
            .scale(0x1p12f)
            .zero(DataType.UINT16, 32_768)
            .with(Attribute.of("group", 2L))
            .with(Attribute.of("strides", List.of(1L, 2L)))
            .with(Attribute.of("pads", List.of(1L, 1L, 1L, 1L)));
    runByTheRule(convolution, 0x1p12f, "a plane of several tiles");
  }

  /** Factors so large that products leave the range in which rows are rounded together. */
  @Test
  void saturatesWhateverTheFactor() {
    for (float yScale : new float[] {0x1p-100f, 0x1p-80f, 0x1p-60f}) {
      for (long x : new long[] {-3, 0, 3}) {
        NodeCase node = pointwise(x, Tensor.of(new long[] {0}, 1), yScale);
        long expected = x == 0 ? 0 : x < 0 ? -32_768 : 32_767;
        assertEquals(expected, node.run().result().integers()[0], x + " " + yScale);
      }
    }
  }

  @Test
  void refusesSumsThatMayLeaveInt64() {
    long room = Long.MAX_VALUE - 65_535L * 65_535L;
    pointwise(1, Tensor.of(new long[] {room}, 1), 0x1p60f).run();
    pointwise(1, Tensor.of(new long[] {-room}, 1), 0x1p60f).run();
    for (long bias : new long[] {room + 1, -room - 1, Long.MIN_VALUE}) {
      NodeCase node = pointwise(1, Tensor.of(new long[] {bias}, 1), 1);
      OctetException e = assertThrows(OctetException.class, node::run);
      assertEquals("OCT-GRAPH-001", e.id());
      assertTrue(e.getMessage().contains("its sums may leave int64"), e.getMessage());
    }
  }

  @Test
  void refusesTypesThatAreNone() {
    NodeCase int32 =
        NodeCase.onnx("QLinearMatMul")
            .operand(Tensor.of(new int[] {1}, 1, 1))
            .scale(1)
            .zero(DataType.INT32, 0)
            .operand(Tensor.ofIntegers(DataType.INT8, new long[] {1}, 1, 1))
            .scale(1)
            .zero(DataType.INT8, 0)
            .scale(1)
            .zero(DataType.INT8, 0);
    OctetException e = assertThrows(OctetException.class, int32::run);
    assertTrue(e.getMessage().contains("has neither 8 nor 16 bits"), e.getMessage());
    Tensor narrow = Tensor.ofIntegers(DataType.INT16, new long[] {1}, 1);
    OctetException other = assertThrows(OctetException.class, pointwise(1, narrow, 1)::run);
    assertTrue(other.getMessage().contains("is neither INT32 nor INT64"), other.getMessage());
    Tensor real = Tensor.of(new float[] {1}, 1);
    OctetException no = assertThrows(OctetException.class, pointwise(1, real, 1)::run);
    assertTrue(no.getMessage().contains("operand 8, B, is of type FLOAT"), no.getMessage());
  }

  /** A convolution of 8 bits whose products fill int32 up to a bias. */
  private static NodeCase eightBits(int bias) {
    return NodeCase.onnx("QLinearConv")
        .operand(Tensor.ofIntegers(DataType.UINT8, new long[] {255}, 1, 1, 1, 1))
        .scale(X_SCALE)
        .zero(DataType.UINT8, 0)
        .operand(Tensor.ofIntegers(DataType.INT8, new long[] {-1, 127}, 2, 1, 1, 1))
        .scale(W_SCALE)
        .zero(DataType.INT8, 0)
        .scale(0x1p10f)
        .zero(DataType.INT8, 0)
        .operand(Tensor.of(new int[] {-bias, bias}, 2))
        .with(SumRule.exact());
  }

  @Test
  void takesBiasesUpToTheLastOfInt32() {
    int room = Integer.MAX_VALUE - 255 * 127;
    for (int bias : new int[] {room, room + 1, Integer.MAX_VALUE - 127, Integer.MAX_VALUE}) {
      runByTheRule(eightBits(bias), 0x1p10f, "bias " + bias);
    }
  }

  @Test
  void addsProductsOfAnyNumber() {
    long depth = 33_026;
    long[] ones = new long[(int) depth];
    Arrays.fill(ones, 255);
    for (String operator : List.of("QLinearMatMul", "QGemm")) {
      NodeCase node =
          (operator.equals("QGemm") ? NodeCase.microsoft(operator) : NodeCase.onnx(operator))
              .operand(Tensor.ofIntegers(DataType.UINT8, ones, 1, depth))
              .scale(X_SCALE)
              .zero(DataType.UINT8, 0)
              .operand(Tensor.ofIntegers(DataType.UINT8, ones, depth, 1))
              .scale(W_SCALE)
              .zero(DataType.UINT8, 0);
      node = operator.equals("QGemm") ? node.without() : node;
      node = node.scale(0x1p10f).zero(DataType.UINT8, 0).with(SumRule.exact());
      runByTheRule(node, 0x1p10f, operator);
    }
  }

  @Test
  void addsProductsOfAnyNumberWhereTheRightSideComesInTheRun() {
    int depth = 33_026;
    long[] most = new long[depth];
    Arrays.fill(most, 255);
    Tensor a = Tensor.ofIntegers(DataType.UINT8, most, 1, depth);
    Tensor b = Tensor.ofIntegers(DataType.UINT8, most, depth, 1);
    Graph graph =
        new Graph(
            "product",
            List.of(ValueInfo.of("a", a.type()), ValueInfo.of("b", b.type())),
            List.of(ValueInfo.of("y", new ValueType.Other("computed"))),
            Map.of(
                "one",
                Tensor.of(new float[] {1}),
                "scale",
                Tensor.of(new float[] {0x1p25f}),
                "zero",
                Tensor.ofIntegers(DataType.UINT8, new long[] {0})),
            List.of(
                Node.of(
                    "product",
                    OpType.onnx("QLinearMatMul"),
                    List.of("a", "one", "zero", "b", "one", "zero", "scale", "zero"),
                    List.of("y"),
                    SumRule.exact())),
            Map.of(),
            Optional.empty());
    try (GraphExecutor executor = GraphExecutor.of(Model.of(graph, 21), 2)) {
      // 255 * 255 * 33026 / 2^25 is 64.0016.
      Tensor y = executor.run(Map.of("a", a, "b", b)).get("y");
      assertEquals(64, y.integers()[0]);
    }
  }

  /** Weights that are known wait for a bias that is not, in the plans of every size. */
  @Test
  void addsProductsOfAnyNumberWhereOnlyTheBiasComesInTheRun() {
    int depth = 33_026;
    long[] most = new long[depth];
    Arrays.fill(most, 255);
    Shape images =
        new Shape(
            List.of(
                new Dimension.Symbolic("N"),
                new Dimension.Known(depth),
                new Dimension.Known(1),
                new Dimension.Known(1)));
    Graph graph =
        new Graph(
            "convolution",
            List.of(
                ValueInfo.of("x", TensorType.of(DataType.UINT8, images)),
                ValueInfo.of("bias", TensorType.of(DataType.INT32, Shape.of(1)))),
            List.of(ValueInfo.of("y", new ValueType.Other("computed"))),
            Map.of(
                "w",
                Tensor.ofIntegers(DataType.UINT8, most, 1, depth, 1, 1),
                "one",
                Tensor.of(new float[] {1}),
                "scale",
                Tensor.of(new float[] {0x1p25f}),
                "zero",
                Tensor.ofIntegers(DataType.UINT8, new long[] {0})),
            List.of(
                Node.of(
                    "convolution",
                    OpType.onnx("QLinearConv"),
                    List.of("x", "one", "zero", "w", "one", "zero", "scale", "zero", "bias"),
                    List.of("y"),
                    SumRule.exact())),
            Map.of(),
            Optional.empty());
    Tensor bias = Tensor.of(new int[] {1 << 26}, 1);
    try (GraphExecutor executor = GraphExecutor.of(Model.of(graph, 21), 2)) {
      for (int count = 1; count <= 3; count++) {
        long[] x = new long[count * depth];
        Arrays.fill(x, 255);
        Tensor samples = Tensor.ofIntegers(DataType.UINT8, x, count, depth, 1, 1);
        // 255 * 255 * 33026 / 2^25 is 64.0016.
        Tensor y = executor.run(Map.of("x", samples, "bias", bias)).get("y");
        assertEquals(66, y.integers()[count - 1]);
      }
    }
  }

  @Test
  void clampsToTheBoundsOfAFusedActivation() {
    for (long x : new long[] {-20_000, 0, 20_000}) {
      Tensor y =
          pointwise(x, Tensor.of(new long[] {0}, 1), X_SCALE * W_SCALE)
              .with(Attribute.of(IntegerDialect.OUTPUT_MIN, 0))
              .with(Attribute.of(IntegerDialect.OUTPUT_MAX, 10_000))
              .run()
              .result();
      assertEquals(Math.min(Math.max(x, 0), 10_000), y.integers()[0]);
    }
  }
}
