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
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactResult;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ElementwiseIntegerTest {

  private static final long SEED = 77;

  private static NodeCase binary(String op, Random random, long[] a, long[] b) {
    return binary(IntegerDialect.microsoft(op), random, a, b);
  }

  private static OpType octet(String op) {
    return new OpType(IntegerDialect.OCTET, op);
  }

  private static NodeCase binary(OpType op, Random random, long[] a, long[] b) {
    DataType aType = NodeCase.eightBits(random);
    DataType bType = NodeCase.eightBits(random);
    DataType cType = NodeCase.eightBits(random);
    return NodeCase.of(op)
        .operand(NodeCase.random(random, aType, a))
        .scale(NodeCase.powerOfTwo(random, -4, -2))
        .zero(aType, NodeCase.zeroPoint(random, aType))
        .operand(NodeCase.random(random, bType, b))
        .scale(NodeCase.powerOfTwo(random, -4, -2))
        .zero(bType, NodeCase.zeroPoint(random, bType))
        .scale(NodeCase.powerOfTwo(random, -2, 2))
        .zero(cType, NodeCase.zeroPoint(random, cType));
  }

  /** The zero point is added before rounding: exact, because all scales are powers of two. */
  private static void assertRoundsAfterTheZeroPoint(NodeCase node) {
    NodeRun run = node.run();
    ExactResult result = run.exact();
    long[] actual = run.result().integers();
    for (int i = 0; i < actual.length; i++) {
      ExactElement exact = result.element(i);
      long q =
          exact
              .value()
              .add(BigDecimal.valueOf(exact.zeroPoint()))
              .setScale(0, RoundingMode.HALF_EVEN)
              .longValueExact();
      assertEquals(Math.min(Math.max(q, result.min()), result.max()), actual[i], "element " + i);
    }
  }

  @Test
  void addsAndMultipliesExactlyBeforeRounding() {
    Random random = new Random(SEED);
    for (String op : new String[] {"QLinearAdd", "QLinearMul"}) {
      for (int size : new int[] {0, 1, 7, 8, 9, 1000}) {
        assertRoundsAfterTheZeroPoint(binary(op, random, new long[] {size}, new long[] {size}));
      }
      assertRoundsAfterTheZeroPoint(binary(op, random, new long[] {2, 3, 4}, new long[] {3, 1}));
      assertRoundsAfterTheZeroPoint(binary(op, random, new long[] {5}, new long[] {}));
      assertRoundsAfterTheZeroPoint(binary(op, random, new long[] {1, 4}, new long[] {6, 1, 1}));
    }
  }

  @Test
  void subtractsAndComparesExactlyBeforeRounding() {
    Random random = new Random(SEED);
    for (String op : new String[] {"QLinearSub", "QLinearMax", "QLinearMin"}) {
      for (int size : new int[] {0, 1, 7, 8, 9, 1000, 20_000}) {
        binary(octet(op), random, new long[] {size}, new long[] {size}).runExactly(op + size);
      }
      binary(octet(op), random, new long[] {2, 3, 4}, new long[] {3, 1}).runExactly(op);
      binary(octet(op), random, new long[] {5}, new long[] {}).runExactly(op);
      binary(octet(op), random, new long[] {1, 4}, new long[] {6, 1, 1}).runExactly(op);
    }
  }

  @Test
  void multipliesWhatIsNegativeByASlopeWithinTheRoundingOfFloat() {
    Random random = new Random(SEED);
    NodeCase node = binary(octet("QLinearPRelu"), random, new long[] {2, 4, 9}, new long[] {4, 1});
    node.runWithinBound("channels");
    binary(octet("QLinearPRelu"), random, new long[] {1000}, new long[] {}).runWithinBound("one");
    binary(octet("QLinearPRelu"), random, new long[] {0}, new long[] {1}).runWithinBound("none");
  }

  @Test
  void dividesWithinTheRoundingOfFloat() {
    Random random = new Random(SEED);
    for (int size : new int[] {0, 1, 7, 8, 9, 1000}) {
      binary(octet("QLinearDiv"), random, new long[] {size}, new long[] {size})
          .runWithinBound("" + size);
    }
    binary(octet("QLinearDiv"), random, new long[] {2, 3, 4}, new long[] {3, 1})
        .runWithinBound("rows");
  }

  @Test
  void clampsASumToTheBoundsOfAFusedActivation() {
    Random random = new Random(SEED);
    NodeCase node =
        binary("QLinearAdd", random, new long[] {400}, new long[] {400})
            .with(Attribute.of(IntegerDialect.OUTPUT_MIN, 3))
            .with(Attribute.of(IntegerDialect.OUTPUT_MAX, 90));
    assertRoundsAfterTheZeroPoint(node);
  }

  private static NodeCase unary(NodeCase node, DataType type, float scale, long zero) {
    long[] all = new long[256];
    for (int i = 0; i < 256; i++) {
      all[i] = IntegerRange.of(type).min() + i;
    }
    return node.operand(Tensor.ofIntegers(type, all, 256)).scale(scale).zero(type, zero);
  }

  @Test
  void requantizesEveryInteger() {
    unary(NodeCase.of(IntegerDialect.REQUANTIZE), DataType.INT8, 0.5f, 3)
        .scale(2f)
        .zero(DataType.UINT8, 101)
        .runExactly("signed to unsigned");
    unary(NodeCase.of(IntegerDialect.REQUANTIZE), DataType.UINT8, 0.031f, 7)
        .scale(0.027f)
        .zero(DataType.INT8, -3)
        .runWithinBound("other scales");
  }

  private static final float[][] SCALES = {{0.0625f, 0.0371f}, {0.5f, 0.5f}, {0.031f, 1f / 256}};

  private static void assertWithinOracle(Supplier<List<NodeCase>> nodes) {
    for (DataType type : List.of(DataType.INT8, DataType.UINT8)) {
      long zero = type == DataType.INT8 ? -5 : 128;
      for (float[] pair : SCALES) {
        for (NodeCase node : nodes.get()) {
          unary(node, type, pair[0], zero)
              .scale(pair[1])
              .zero(type, zero + 3)
              .runWithinBound(type + " " + pair[0] + " to " + pair[1]);
        }
      }
    }
  }

  @Test
  void looksEveryIntegerUpAtItsPlace() {
    Random random = new Random(SEED);
    for (DataType type : List.of(DataType.INT8, DataType.UINT8)) {
      for (DataType of : List.of(DataType.INT8, DataType.UINT8)) {
        for (int size : new int[] {0, 1, 15, 16, 17, 40_000}) {
          NodeCase.of(IntegerDialect.LOOKUP)
              .operand(NodeCase.random(random, type, size))
              .operand(NodeCase.random(random, of, 256))
              .runExactly(type + " to " + of + ", " + size);
        }
      }
    }
  }

  @Test
  void everyFunctionOfOneTensorIsWithinItsOracleOnEveryInteger() {
    assertWithinOracle(NodeCase::functions);
  }

  @Test
  void functionsDependOnTheAttributesOfTheirOperators() {
    assertWithinOracle(
        () ->
            List.of(
                with("Elu", Attribute.of("alpha", 2.5f)),
                with("Selu", Attribute.of("alpha", 0.5f), Attribute.of("gamma", 3f)),
                with("Celu", Attribute.of("alpha", -0.5f)),
                with("HardSigmoid", Attribute.of("alpha", 1 / 6f)),
                with("ThresholdedRelu", Attribute.of("alpha", -1.5f)),
                with("Shrink", Attribute.of("bias", 0.5f), Attribute.of("lambd", 1f)),
                with("Gelu", Attribute.of("approximate", "tanh")),
                with("Swish", Attribute.of("alpha", 1.702f)),
                with("Pow", Attribute.of(IntegerDialect.EXPONENT, 2f)),
                with("Pow", Attribute.of(IntegerDialect.EXPONENT, -0.5f)),
                NodeCase.microsoft("QLinearLeakyRelu").with(Attribute.of("alpha", -0.5f))));
  }

  private static NodeCase with(String operator, Attribute... attributes) {
    NodeCase node = NodeCase.function(operator);
    List.of(attributes).forEach(node::with);
    return node;
  }

  @Test
  void keepsEveryIntegerWhenScaleAndZeroPointStay() {
    NodeRun run =
        unary(NodeCase.of(IntegerDialect.REQUANTIZE), DataType.INT8, 0.0173f, -9)
            .scale(0.0173f)
            .zero(DataType.INT8, -9)
            .run();
    for (int i = 0; i < 256; i++) {
      assertEquals(i - 128, run.result().integers()[i]);
    }
  }

  @Test
  void appliesLeakyReluInFloatBetweenTwoScales() {
    unary(NodeCase.microsoft("QLinearLeakyRelu"), DataType.INT8, 0.5f, -5)
        .scale(0.25f)
        .zero(DataType.INT8, 11)
        .with(Attribute.of("alpha", 0.125f))
        .runExactly("alpha 1/8");
  }

  @Test
  void sigmoidIsMonotoneAndHalfAtZero() {
    long[] y =
        unary(NodeCase.microsoft("QLinearSigmoid"), DataType.INT8, 0.05f, 0)
            .scale(1f / 256)
            .zero(DataType.UINT8, 0)
            .run()
            .result()
            .integers();
    assertEquals(128, y[128]);
    for (int i = 1; i < 256; i++) {
      assertTrue(y[i] >= y[i - 1]);
    }
  }

  @Test
  void concatenatesPartsOfDifferentScales() {
    Random random = new Random(SEED);
    for (int axis = -2; axis < 2; axis++) {
      long[] second = axis == 0 || axis == -2 ? new long[] {2, 4} : new long[] {3, 5};
      NodeCase.microsoft("QLinearConcat")
          .scale(0.5f)
          .zero(DataType.INT8, 7)
          .operand(NodeCase.random(random, DataType.INT8, 3, 4))
          .scale(0.5f)
          .zero(DataType.INT8, 7)
          .operand(NodeCase.random(random, DataType.INT8, second))
          .scale(0.25f)
          .zero(DataType.INT8, -20)
          .with(Attribute.of("axis", axis))
          .runExactly("axis " + axis);
    }
  }

  @Test
  void averagesWindowsWithPadsCountedAndNot() {
    Random random = new Random(SEED);
    for (int countPads = 0; countPads < 2; countPads++) {
      for (int ceil = 0; ceil < 2; ceil++) {
        NodeCase.microsoft("QLinearAveragePool")
            .operand(NodeCase.random(random, DataType.UINT8, 2, 3, 9, 10))
            .scale(0.5f)
            .zero(DataType.UINT8, 13)
            .scale(0.7f)
            .zero(DataType.UINT8, 5)
            .with(Attribute.of("kernel_shape", List.of(3L, 2L)))
            .with(Attribute.of("strides", List.of(2L, 3L)))
            .with(Attribute.of("pads", List.of(1L, 0L, 1L, 1L)))
            .with(Attribute.of("ceil_mode", ceil))
            .with(Attribute.of("count_include_pad", countPads))
            .runWithinBound("count pads " + countPads + " ceil " + ceil);
      }
    }
  }

  @Test
  void anAveragePoolAddsTheZeroPointBeforeOrAfterRounding() {
    NodeCase before = pair();
    NodeCase after = pair().with(Attribute.of(IntegerDialect.ROUND_FIRST, 1));
    // Means 0.5 and 1.5; zero point 1.
    assertArrayEquals(new long[] {2, 2}, before.run().result().integers());
    assertArrayEquals(new long[] {1, 3}, after.run().result().integers());
  }

  private static NodeCase pair() {
    return NodeCase.microsoft("QLinearAveragePool")
        .operand(Tensor.ofIntegers(DataType.INT8, new long[] {0, 1, 1, 2}, 1, 1, 1, 4))
        .scale(1f)
        .zero(DataType.INT8, 0)
        .scale(1f)
        .zero(DataType.INT8, 1)
        .with(Attribute.of("kernel_shape", List.of(1L, 2L)))
        .with(Attribute.of("strides", List.of(1L, 2L)));
  }

  @Test
  void takesMeansOverSpaceAndOverStatedAxes() {
    Random random = new Random(SEED);
    for (int width : new int[] {1, 7, 8, 9}) {
      mean("QLinearGlobalAveragePool", random, 2, 3, 4, width).runExactly("width " + width);
    }
    mean("QLinearGlobalAveragePool", random, 2, 3, 128, 128).runExactly("several threads");
    mean("QLinearGlobalAveragePool", random, 2, 2, 4, 3)
        .with(Attribute.of("channels_last", 1))
        .runWithinBound("channels last");
    for (List<Long> axes : List.of(List.of(0L), List.of(1L, -1L), List.of(0L, 1L, 2L, 3L))) {
      for (int keep = 0; keep < 2; keep++) {
        mean("QLinearReduceMean", random, 2, 3, 4, 5)
            .with(Attribute.of("axes", axes))
            .with(Attribute.of("keepdims", keep))
            .runWithinBound(axes + " keep " + keep);
      }
    }
  }

  @Test
  void addsOverStatedAxes() {
    Random random = new Random(SEED);
    for (List<Long> axes : List.of(List.of(0L), List.of(1L, -1L), List.of(0L, 1L, 2L, 3L))) {
      for (int width : new int[] {1, 7, 8, 9}) {
        sum(NodeCase.random(random, DataType.INT8, 2, 3, 4, width), 8f)
            .with(Attribute.of("axes", axes))
            .with(Attribute.of("keepdims", width % 2))
            .runExactly(axes + " of " + width); // 1 / 8 is exact
      }
    }
    sum(NodeCase.random(random, DataType.INT8, 4, 1 << 15), 0.3f)
        .with(Attribute.of("axes", List.of(1L)))
        .runWithinBound("long rows");
    sum(NodeCase.random(random, DataType.INT8, 3, 0), 1f)
        .with(Attribute.of("axes", List.of(1L)))
        .runExactly("nothing");
  }

  @Test
  void sumsRoundTiesToTheEvenStepBeforeTheZeroPointAndSaturate() {
    Tensor x =
        Tensor.ofIntegers(DataType.INT8, new long[] {4, 5, 4, 7, 4, 3, 127, 127, -128, -128}, 5, 2);
    long[] y = sum(x, 2f).with(Attribute.of("axes", List.of(1L))).run().result().integers();
    // The sums are 1, 3, -1, 246 and -264 above the zero points; steps are of 2.
    assertArrayEquals(new long[] {-1, 1, -1, 122, -128}, y);
  }

  @Test
  void refusesSumsThatMayLeaveInt32() {
    ByteBuffer bytes = ByteBuffer.allocate(8_421_505);
    Tensor x = Tensor.ofBytes(DataType.INT8, new long[] {8_421_505}, bytes);
    OctetException e = assertThrows(OctetException.class, () -> sum(x, 1f).run());
    assertTrue(e.getMessage().contains("int32"), e.getMessage());
  }

  private static NodeCase sum(Tensor x, float scale) {
    return NodeCase.of(new OpType(IntegerDialect.OCTET, "QLinearReduceSum"))
        .operand(x)
        .scale(1f)
        .zero(DataType.INT8, 4)
        .scale(scale)
        .zero(DataType.INT8, -1);
  }

  /** Sums of four or more powers of two: exact for widths that are powers of two. */
  private static NodeCase mean(String op, Random random, long... sizes) {
    long width = sizes[sizes.length - 1];
    float scale = width == 7 || width == 9 ? width : 1f;
    return NodeCase.microsoft(op)
        .operand(NodeCase.random(random, DataType.INT8, sizes))
        .scale(scale)
        .zero(DataType.INT8, 4)
        .scale(0.5f)
        .zero(DataType.INT8, -1);
  }

  @Test
  void sigmoidAndSoftmaxStayWithinTheRoundingBound() {
    Random random = new Random(SEED);
    unary(NodeCase.microsoft("QLinearSigmoid"), DataType.UINT8, 0.07f, 121)
        .scale(0.0041f)
        .zero(DataType.UINT8, 3)
        .runWithinBound("sigmoid");
    for (int axis = 0; axis < 3; axis++) {
      for (int opset : new int[] {12, 13}) {
        NodeCase.microsoft("QLinearSoftmax")
            .operand(NodeCase.random(random, DataType.INT8, 4, 5, 6))
            .scale(0.03f)
            .zero(DataType.INT8, 17)
            .scale(1f / 256)
            .zero(DataType.INT8, -128)
            .with(Attribute.of("axis", axis))
            .with(Attribute.of("opset", opset))
            .runWithinBound("softmax axis " + axis + " opset " + opset);
      }
    }
  }

  @Test
  void softmaxSharesOutTheSteps() {
    NodeRun run =
        NodeCase.microsoft("QLinearSoftmax")
            .operand(
                Tensor.ofIntegers(DataType.INT8, new long[] {0, 0, 0, 0, -128, 127, 0, 0}, 2, 4))
            .scale(0.1f)
            .zero(DataType.INT8, 0)
            .scale(1f / 256)
            .zero(DataType.INT8, -128)
            .with(Attribute.of("axis", -1))
            .with(Attribute.of("opset", 13))
            .run();
    assertArrayEquals(
        new long[] {-64, -64, -64, -64, -128, 127, -128, -128}, run.result().integers());
  }

  @Test
  void choosesByTruthValue() {
    NodeRun run =
        NodeCase.microsoft("QLinearWhere")
            .operand(Tensor.of(new boolean[] {true, false, true}, 3))
            .operand(Tensor.ofIntegers(DataType.INT8, new long[] {1, 2, 3}, 3))
            .scale(1f)
            .zero(DataType.INT8, 0)
            .operand(Tensor.ofIntegers(DataType.INT8, new long[] {10}, 1))
            .scale(2f)
            .zero(DataType.INT8, 0)
            .scale(1f)
            .zero(DataType.INT8, 5)
            .run();
    assertArrayEquals(new long[] {6, 25, 8}, run.result().integers());
  }
}
