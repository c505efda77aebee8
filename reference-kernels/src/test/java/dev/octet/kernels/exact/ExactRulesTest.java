package dev.octet.kernels.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.operators.Operators;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every expected number is worked out by hand from the formula of the operator. */
class ExactRulesTest {

  private static final DataType S8 = DataType.INT8;
  private static final DataType U8 = DataType.UINT8;

  /** The operands of one node. */
  private static final class Case {
    private final OpType op;
    private final List<String> names = new ArrayList<>();
    private final Map<String, Tensor> operands = new LinkedHashMap<>();
    private final List<Attribute> attributes = new ArrayList<>();
    private int result;

    Case(OpType op) {
      this.op = op;
    }

    Case tensor(Tensor tensor) {
      String name = "v" + names.size();
      names.add(name);
      operands.put(name, tensor);
      return this;
    }

    Case integers(DataType type, long[] values, long... sizes) {
      return tensor(Tensor.ofIntegers(type, values, sizes));
    }

    Case scale(float scale) {
      return tensor(Tensor.of(new float[] {scale}));
    }

    Case scales(float... scales) {
      return tensor(Tensor.of(scales, scales.length));
    }

    Case zero(DataType type, long zero) {
      return integers(type, new long[] {zero});
    }

    Case zeros(DataType type, long... zeros) {
      return integers(type, zeros, zeros.length);
    }

    Case without() {
      names.add("");
      return this;
    }

    Case with(String name, long... values) {
      List<Long> list = new ArrayList<>();
      for (long value : values) {
        list.add(value);
      }
      attributes.add(Attribute.of(name, list));
      return this;
    }

    Case with(Attribute attribute) {
      attributes.add(attribute);
      return this;
    }

    Case result(int index) {
      result = index;
      return this;
    }

    ExactResult of(DataType type, long... sizes) {
      Node node = Node.of("n", op, names, List.of("y"), attributes.toArray(Attribute[]::new));
      return ExactResult.of(
          Operators.find(op).flatMap(OperatorDefinition::exact).orElseThrow(),
          new ExactOperands(node, 21, operands, result, TensorType.of(type, Shape.of(sizes))));
    }

    long[] rounded(DataType type, long... sizes) {
      ExactResult exact = of(type, sizes);
      long[] integers = new long[count(sizes)];
      for (int i = 0; i < integers.length; i++) {
        integers[i] = exact.integer(i);
      }
      return integers;
    }

    float[] floats(long... sizes) {
      ExactResult exact = of(DataType.FLOAT, sizes);
      float[] floats = new float[count(sizes)];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = exact.real(i);
      }
      return floats;
    }

    private static int count(long[] sizes) {
      int count = 1;
      for (long size : sizes) {
        count *= (int) size;
      }
      return count;
    }
  }

  private static Case onnx(String name) {
    return new Case(OpType.onnx(name));
  }

  private static Case microsoft(String name) {
    return new Case(IntegerDialect.microsoft(name));
  }

  /** x = 2 * (q - 1) of q = -3, 0, 1, 4. */
  private static Case unary(OpType op) {
    return new Case(op).integers(S8, new long[] {-3, 0, 1, 4}, 4).scale(2f).zero(S8, 1);
  }

  @Test
  void quantizesWithTiesToEvenAndSaturates() {
    float[] x = {0.5f, 1.5f, -0.5f, 1e9f, Float.POSITIVE_INFINITY, Float.NaN};
    Case quantize = onnx("QuantizeLinear").tensor(Tensor.of(x, 6)).scale(1f).zero(S8, 1);
    assertArrayEquals(new long[] {1, 3, 1, 127, 127, -128}, quantize.rounded(S8, 6));
  }

  @Test
  void quantizesIntegersAlongAnAxis() {
    Case quantize =
        microsoft("QuantizeLinear")
            .integers(DataType.INT32, new long[] {10, 10, -7, 7}, 2, 2)
            .scales(2f, 5f)
            .zeros(U8, 0, 4)
            .with(Attribute.of("axis", 1));
    assertArrayEquals(new long[] {5, 6, 0, 5}, quantize.rounded(U8, 2, 2));
  }

  @Test
  void quantizesInBlocks() {
    Case quantize =
        onnx("QuantizeLinear")
            .tensor(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3))
            .tensor(Tensor.of(new float[] {1f, 0.5f, 2f, 1f}, 2, 2))
            .without()
            .with(Attribute.of("axis", -1))
            .with(Attribute.of("block_size", 2));
    assertArrayEquals(new long[] {1, 2, 6, 2, 2, 6}, quantize.rounded(U8, 2, 3));
  }

  @Test
  void dequantizes() {
    Case scalar =
        onnx("DequantizeLinear")
            .integers(DataType.INT4, new long[] {-8, 0, 7}, 3)
            .scale(0.5f)
            .zero(DataType.INT4, 1);
    assertArrayEquals(new float[] {-4.5f, -0.5f, 3f}, scalar.floats(3));
    Case rows =
        microsoft("DequantizeLinear")
            .integers(S8, new long[] {1, 2, 3, 4}, 2, 2)
            .scales(1f, 10f)
            .with(Attribute.of("axis", 0));
    assertArrayEquals(new float[] {1, 2, 30, 40}, rows.floats(2, 2));
  }

  /** n = -1, p = 4.1: s = 5.1 / 255 = 0.02, z = 50. */
  @Test
  void findsTheRangeOfADynamicQuantization() {
    Case dynamic =
        onnx("DynamicQuantizeLinear").tensor(Tensor.of(new float[] {-1f, 0f, 4.1f, 1f}, 4));
    assertArrayEquals(new long[] {0, 50, 255, 100}, dynamic.rounded(U8, 4));
    assertEquals(0.02f, dynamic.result(1).of(DataType.FLOAT).real(0));
    assertEquals(50, dynamic.result(2).of(U8).integer(0));
  }

  @Test
  void givesZeroesOfADynamicQuantizationScaleOneAndInfinitiesNone() {
    Case zeros = onnx("DynamicQuantizeLinear").tensor(Tensor.of(new float[2], 2));
    assertArrayEquals(new long[] {0, 0}, zeros.rounded(U8, 2));
    assertEquals(1f, zeros.result(1).of(DataType.FLOAT).real(0));
    Case infinite =
        onnx("DynamicQuantizeLinear").tensor(Tensor.of(new float[] {Float.NEGATIVE_INFINITY}, 1));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> infinite.of(U8, 1));
    assertEquals("the range of an infinity has no exact scale", e.getMessage());
  }

  /**
   * Kernel (1, 2) with zero point 1, so 0 and 1, and (3, 1), so 2 and 0; input 1 2 3 less zero
   * point 1 is 0 1 2, padded to 0 0 1 2. Channel 0: 0, 1, 2 plus bias 4, times 0.5; channel 1: 0,
   * 0, 2 times 2.
   */
  @Test
  void convolvesWithAScaleForEachChannel() {
    Case conv =
        onnx("QLinearConv")
            .integers(U8, new long[] {1, 2, 3}, 1, 1, 3)
            .scale(0.5f)
            .zero(U8, 1)
            .integers(S8, new long[] {1, 2, 3, 1}, 2, 1, 2)
            .scales(0.5f, 2f)
            .zeros(S8, 1, 1)
            .scale(0.5f)
            .zero(S8, -1)
            .tensor(Tensor.of(new int[] {4, 0}, 2))
            .with("pads", 1, 0);
    assertArrayEquals(new long[] {1, 1, 2, -1, -1, 3}, conv.rounded(S8, 1, 2, 3));
  }

  /** SAME_LOWER pads in front; stride 2 meets positions -1 and 1. */
  @Test
  void convolvesInGroupsWithAutoPad() {
    Case conv =
        onnx("ConvInteger")
            .integers(U8, new long[] {1, 2, 3, 10, 20, 30}, 1, 2, 3)
            .integers(S8, new long[] {1, 2, 1, 1}, 2, 1, 2)
            .with(Attribute.of("group", 2))
            .with("strides", 2)
            .with(Attribute.of("auto_pad", "SAME_LOWER"));
    assertArrayEquals(new long[] {2, 8, 10, 50}, conv.rounded(DataType.INT32, 1, 2, 2));
  }

  /** [1 2; 3 4] - 1 = [0 1; 2 3], [1 0; 2 -1]: [2 -1; 8 -3]. */
  @Test
  void multipliesMatrices() {
    Case integers =
        onnx("MatMulInteger")
            .integers(U8, new long[] {1, 2, 3, 4}, 2, 2)
            .integers(S8, new long[] {1, 0, 2, -1}, 2, 2)
            .zero(U8, 1);
    assertArrayEquals(new long[] {2, -1, 8, -3}, integers.rounded(DataType.INT32, 2, 2));
    Case quantized =
        onnx("QLinearMatMul")
            .integers(U8, new long[] {1, 2, 3, 4}, 2, 2)
            .scale(1f)
            .zero(U8, 1)
            .integers(S8, new long[] {1, 0, 2, -1}, 2, 2)
            .scales(0.5f, 2f)
            .zeros(S8, 0, 0)
            .scale(1f)
            .zero(U8, 7);
    assertArrayEquals(new long[] {8, 5, 11, 1}, quantized.rounded(U8, 2, 2));
  }

  @Test
  void wrapsSumsBeyondInt32() {
    long[] largest = new long[70_000];
    Arrays.fill(largest, 255);
    Case integers =
        onnx("MatMulInteger").integers(U8, largest, 1, 70_000).integers(U8, largest, 70_000, 1);
    assertArrayEquals(
        new long[] {255L * 255 * 70_000 - (1L << 32)}, integers.rounded(DataType.INT32, 1, 1));
  }

  /** Transposed twice: rows of A are (1, 3), (2, 4), columns of B (5, 6): 23, 34; C adds 1. */
  @Test
  void multipliesTransposedMatricesAndAdds() {
    Case gemm =
        microsoft("QGemm")
            .integers(S8, new long[] {1, 2, 3, 4}, 2, 2)
            .scale(0.5f)
            .zero(S8, 0)
            .integers(S8, new long[] {5, 6}, 1, 2)
            .scale(1f)
            .zero(S8, 0)
            .tensor(Tensor.of(new int[] {1}, 1))
            .with(Attribute.of("alpha", 2f))
            .with(Attribute.of("transA", 1))
            .with(Attribute.of("transB", 1));
    assertArrayEquals(new float[] {24f, 35f}, gemm.floats(2, 1));
    Case quantized = gemm.scale(2.5f).zero(S8, 0);
    assertArrayEquals(new long[] {10, 14}, quantized.rounded(S8, 2, 1)); // 9.6 and 14
  }

  /** Row 0: 2 * (2 * 1 * 0.5 + 3 * -1 * 4) + 1; row 1: 2 * ((1 - 4) * 1 * 0.5 + 0) + 1. */
  @Test
  void addsBlocksOfRowsAndTheBias() {
    Case rows =
        new Case(IntegerDialect.MATMUL_TO_FLOAT)
            .integers(S8, new long[] {2, 3, 1, 4}, 2, 2)
            .scales(2f, 2f)
            .zeros(S8, 0, 4)
            .integers(S8, new long[] {1, -1}, 2, 1)
            .scales(0.5f, 4f)
            .without()
            .scales(1f)
            .with(Attribute.of("block_size", 1));
    assertArrayEquals(new float[] {-21f, -2f}, rows.floats(2, 1));
  }

  /** a = 2, 4; b = -3: sums -1 and 1 in steps of 0.5, products -6 and -12. */
  @Test
  void addsAndMultipliesBroadcast() {
    for (String op : List.of("QLinearAdd", "QLinearMul")) {
      Case binary =
          microsoft(op)
              .integers(S8, new long[] {1, 2}, 2)
              .scale(2f)
              .zero(S8, 0)
              .integers(S8, new long[] {-2}, 1)
              .scale(3f)
              .zero(S8, -1)
              .scale(0.5f)
              .zero(S8, 10);
      long[] expected = op.equals("QLinearAdd") ? new long[] {8, 12} : new long[] {-2, -14};
      assertArrayEquals(expected, binary.rounded(S8, 2), op);
    }
  }

  @Test
  void choosesAndRequantizes() {
    Case where =
        microsoft("QLinearWhere")
            .tensor(Tensor.of(new boolean[] {true, false}, 2))
            .integers(S8, new long[] {3}, 1)
            .scale(1f)
            .zero(S8, 0)
            .integers(S8, new long[] {5, 6}, 2)
            .scale(4f)
            .zero(S8, 4)
            .scale(2f)
            .zero(S8, 1);
    assertArrayEquals(new long[] {3, 5}, where.rounded(S8, 2)); // 1.5 to 2, 8 / 2
  }

  @Test
  void putsPartsTogetherAlongAnAxis() {
    Case concat =
        microsoft("QLinearConcat")
            .scale(1f)
            .zero(S8, 0)
            .integers(S8, new long[] {1, 2}, 2, 1)
            .scale(1f)
            .zero(S8, 0)
            .integers(S8, new long[] {3, 4, 5, 6}, 2, 2)
            .scale(2f)
            .zero(S8, 1)
            .with(Attribute.of("axis", -1));
    assertArrayEquals(new long[] {1, 4, 6, 2, 8, 10}, concat.rounded(S8, 2, 3));
  }

  /** x = -8, -2, 0, 6. */
  @Test
  void requantizesWithinTheBoundsOfAnActivation() {
    Case requantize =
        unary(IntegerDialect.REQUANTIZE)
            .scale(4f)
            .zero(S8, 1)
            .with(Attribute.of(IntegerDialect.OUTPUT_MIN, 0))
            .with(Attribute.of(IntegerDialect.OUTPUT_MAX, 2));
    assertArrayEquals(new long[] {0, 1, 1, 2}, requantize.rounded(S8, 4)); // -0.5 and 1.5 are ties
  }

  @Test
  void leaksBelowZero() {
    Case leaky =
        unary(IntegerDialect.microsoft("QLinearLeakyRelu"))
            .scale(1f)
            .zero(S8, 0)
            .with(Attribute.of("alpha", 0.25f));
    assertArrayEquals(new long[] {-2, 0, 0, 6}, leaky.rounded(S8, 4)); // -0.5 is a tie
  }

  /** 1 / (1 + exp(-x)) in steps of 1/256: 0.086, 30.52, 128, 255.37. */
  @Test
  void squashes() {
    Case sigmoid = unary(IntegerDialect.microsoft("QLinearSigmoid")).scale(1f / 256).zero(S8, -128);
    assertArrayEquals(new long[] {-128, -97, 0, 127}, sigmoid.rounded(S8, 4));
  }

  /** Rows (0, 0) and (ln 3 rounded up to float32, 0): halves, and 3/4 with 1/4. */
  @Test
  void sharesOut() {
    Case softmax =
        microsoft("QLinearSoftmax")
            .integers(S8, new long[] {5, 5, 1, 0}, 2, 2)
            .scale((float) Math.log(3))
            .zero(S8, 0)
            .scale(1f / 128)
            .zero(U8, 0)
            .with(Attribute.of("opset", 13));
    assertArrayEquals(new long[] {64, 64, 96, 32}, softmax.rounded(U8, 2, 2));
  }

  /** Rows 1 2 and 3 5 with padding behind: 11/4 and (2 + 5) / 2; with padding counted 7 / 4. */
  @Test
  void averagesWindows() {
    Case pool = pool();
    assertArrayEquals(new long[] {6, 7}, pool.rounded(S8, 1, 1, 1, 2)); // 5.5 is a tie
    Case counted = pool().with(Attribute.of("count_include_pad", 1));
    assertArrayEquals(new long[] {6, 4}, counted.rounded(S8, 1, 1, 1, 2)); // 3.5 is a tie
  }

  private static Case pool() {
    return microsoft("QLinearAveragePool")
        .integers(S8, new long[] {1, 2, 3, 5}, 1, 1, 2, 2)
        .scale(1f)
        .zero(S8, 0)
        .scale(0.5f)
        .zero(S8, 0)
        .with("kernel_shape", 2, 2)
        .with("pads", 0, 0, 0, 1);
  }

  @Test
  void averagesPlanesAndAxes() {
    long[] x = {1, 2, 3, 6, 10, 20, 30, 44};
    Case global =
        microsoft("QLinearGlobalAveragePool")
            .integers(S8, x, 1, 2, 2, 2)
            .scale(1f)
            .zero(S8, 1)
            .scale(1f)
            .zero(S8, 0);
    assertArrayEquals(new long[] {2, 25}, global.rounded(S8, 1, 2, 1, 1));
    Case last =
        microsoft("QLinearReduceMean")
            .integers(S8, x, 2, 4)
            .scale(1f)
            .zero(S8, 0)
            .scale(2f)
            .zero(S8, 0)
            .with("axes", -1);
    assertArrayEquals(new long[] {2, 13}, last.rounded(S8, 2)); // 3 / 2 = 1.5 and 26 / 2
    Case sum =
        new Case(new OpType(IntegerDialect.OCTET, "QLinearReduceSum"))
            .integers(S8, x, 2, 4)
            .scale(1f)
            .zero(S8, 0)
            .scale(8f)
            .zero(S8, 0)
            .with("axes", -1);
    assertArrayEquals(new long[] {2, 13}, sum.rounded(S8, 2)); // 12 / 8 = 1.5 and 104 / 8
  }

  @Test
  void explainsAFloatWithinTheBoundOnly() {
    ExactResult exact =
        onnx("DequantizeLinear").integers(S8, new long[] {3}, 1).scale(0.1f).of(DataType.FLOAT, 1);
    assertTrue(exact.explains(0, 3 * 0.1f));
    assertTrue(exact.explains(0, 0.3f));
    assertFalse(exact.explains(0, 0.30001f));
    assertFalse(exact.explains(0, Float.NaN));
  }

  @Test
  void saysWhichOperandIsMissing() {
    Node node = Node.of("n", IntegerDialect.REQUANTIZE, List.of("x", "s", "z", "t"), List.of("y"));
    ExactRule rule = Operators.find(node.op()).flatMap(OperatorDefinition::exact).orElseThrow();
    ExactOperands operands =
        new ExactOperands(node, 1, Map.of(), 0, TensorType.of(S8, Shape.of(1)));
    assertEquals(
        "operand 'x' of 'n' is not given",
        assertThrows(IllegalArgumentException.class, () -> rule.elements(operands)).getMessage());
    ExactOperands without =
        new ExactOperands(
            node.withOperands(List.of("")), 1, Map.of(), 0, TensorType.of(S8, Shape.of(1)));
    assertEquals(
        "operand 0 of 'n' is left out",
        assertThrows(IllegalArgumentException.class, () -> rule.elements(without)).getMessage());
  }
}
