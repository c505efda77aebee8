package dev.octet.kernels.integer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QuantizeOperatorsTest {

  @Test
  void quantizesToEveryIntegerType() {
    for (DataType type :
        List.of(
            DataType.INT2,
            DataType.UINT2,
            DataType.INT4,
            DataType.UINT4,
            DataType.INT8,
            DataType.UINT8,
            DataType.INT16,
            DataType.UINT16,
            DataType.INT32)) {
      IntegerRange range = IntegerRange.of(type);
      Tensor y =
          NodeCase.onnx("QuantizeLinear")
              .operand(Tensor.of(new float[] {-3e30f, 0f, 1f, 3e30f, Float.NaN}, 5))
              .scale(1f)
              .zero(type, 0)
              .run()
              .result();
      assertEquals(type, y.dataType());
      assertArrayEquals(
          new long[] {range.min(), 0, 1, range.max(), range.min()}, y.integers(), type + "");
    }
  }

  @Test
  void quantizesAlongAnAxisAndInBlocks() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 4);
    assertArrayEquals(
        new long[] {1, 2, 3, 4, 3, 4, 5, 5},
        NodeCase.onnx("QuantizeLinear")
            .operand(x)
            .scale(1f, 2f)
            .zero(DataType.INT8, 0, 1)
            .with(Attribute.of("axis", -2))
            .run()
            .result()
            .integers());
    assertArrayEquals(
        new long[] {1, 2, 3, 2, 2, 3, 4, 16},
        NodeCase.onnx("QuantizeLinear")
            .operand(x)
            .operand(Tensor.of(new float[] {1f, 2f, 2f, 0.5f}, 2, 2))
            .operand(Tensor.ofIntegers(DataType.INT8, new long[4], 2, 2))
            .with(Attribute.of("axis", 1))
            .with(Attribute.of("block_size", 3))
            .run()
            .result()
            .integers());
  }

  @Test
  void givesUint8WithoutAZeroPointAndTheStatedTypeElsewise() {
    Tensor x = Tensor.of(new float[] {-1, 2}, 2);
    assertEquals(
        Tensor.of(DataType.UINT8, new byte[] {0, 4}, 2),
        NodeCase.onnx("QuantizeLinear").operand(x).scale(0.5f).run().result());
    assertEquals(
        Tensor.of(DataType.INT8, new byte[] {-2, 4}, 2),
        NodeCase.onnx("QuantizeLinear")
            .operand(x)
            .scale(0.5f)
            .with(Attribute.of("output_dtype", 3))
            .run()
            .result());
  }

  @Test
  void dequantizesBlocksOfFourBits() {
    Tensor y =
        NodeCase.onnx("DequantizeLinear")
            .operand(Tensor.ofIntegers(DataType.INT4, new long[] {-8, 7, 1, 2, 3, 4}, 1, 6))
            .operand(Tensor.of(new float[] {1f, 10f}, 1, 2))
            .operand(Tensor.ofIntegers(DataType.INT4, new long[] {0, 1}, 1, 2))
            .with(Attribute.of("axis", 1))
            .with(Attribute.of("block_size", 4))
            .run()
            .result();
    assertArrayEquals(new float[] {-8, 7, 1, 2, 20, 30}, y.floats());
  }

  @Test
  void dequantizesInt32WithoutAZeroPoint() {
    Tensor y =
        NodeCase.onnx("DequantizeLinear")
            .operand(Tensor.of(new int[] {Integer.MIN_VALUE, 16_777_217}, 2))
            .scale(0.5f)
            .run()
            .result();
    assertArrayEquals(new float[] {-0x1p30f, 8_388_608f}, y.floats());
  }

  @Test
  void refusesAWrongNumberOfScales() {
    NodeCase node =
        NodeCase.onnx("DequantizeLinear")
            .operand(Tensor.of(DataType.INT8, new byte[6], 2, 3))
            .scale(1f, 2f)
            .with(Attribute.of("axis", 1));
    OctetException e = assertThrows(OctetException.class, node::run);
    assertTrue(e.getMessage().contains("needs 3 scales and zero points"), e.getMessage());
  }

  private static Map<String, Tensor> dynamic(float... x) {
    Node node =
        Node.of(
            "q", OpType.onnx("DynamicQuantizeLinear"), List.of("x"), List.of("y", "scale", "zero"));
    return NodeRun.of(node, Map.of("x", Tensor.of(x, x.length))).results();
  }

  @Test
  void findsScaleAndZeroPointOfARun() {
    Map<String, Tensor> results = dynamic(-1f, 0f, 4.1f);
    float scale = (4.1f + 1f) / 255f;
    assertArrayEquals(new float[] {scale}, results.get("scale").floats());
    assertArrayEquals(new long[] {50}, results.get("zero").integers());
    assertArrayEquals(new long[] {0, 50, 255}, results.get("y").integers());
  }

  @Test
  void givesScaleOneToZerosAndKeepsNanOutOfTheRange() {
    assertArrayEquals(new float[] {1f}, dynamic(0f, -0f).get("scale").floats());
    assertArrayEquals(new float[] {1f}, dynamic().get("scale").floats());
    Map<String, Tensor> results = dynamic(Float.NaN, 2.55f);
    assertArrayEquals(new float[] {2.55f / 255f}, results.get("scale").floats());
    assertArrayEquals(new long[] {0, 255}, results.get("y").integers());
  }
}
