package dev.octet.backend.onnxruntime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BiasScalesTest {

  private static final long[] IMAGE = {1, 1, 2, 2};
  private static final long[] COLUMN = {4, 1};
  private static final float[] RESULT = {0.5f, 1f, 1.5f, 2f};

  @ParameterizedTest
  @CsvSource({
    "0.000244140625, false",
    "0.00024414, false",
    "0.0002442, true",
    "0.5, true",
    "1e-9, true"
  })
  void aScaleThatIsNoProductIsFound(float scale, boolean found) {
    assertEquals(found, BiasScales.haveOnesOfTheirOwn(layer("Conv", IMAGE, 1, scale).graph()));
  }

  /** ONNX Runtime makes one integer operator of the Gemm. */
  @ParameterizedTest
  @CsvSource({"0.000244140625, 2048", "0.001, 500", "0.5, 1"})
  void theBiasIsAddedWithItsOwnScale(float scale, int bias) {
    assertArrayEquals(RESULT, run(layer("Gemm", COLUMN, bias, scale), COLUMN));
    assertArrayEquals(RESULT, run(layer("Conv", IMAGE, bias, scale), IMAGE));
  }

  private static float[] run(Model model, long[] shape) {
    try (ExecutableModel loaded =
        new OnnxRuntime().load(LoadRequest.of(model, Parallelism.threads(1)))) {
      Tensor x = Tensor.of(new float[] {0f, 0.25f, 0.5f, 0.75f}, shape);
      return loaded.run(Map.of("x", x)).get("y").floats();
    }
  }

  /** Computes {@code 2 * x + bias}: the scale of the input is 2^-7, that of the weight 2^-5. */
  private static Model layer(String op, long[] shape, int bias, float scale) {
    long[] ones = new long[shape.length];
    Arrays.fill(ones, 1);
    Map<String, Tensor> constants =
        Map.of(
            "sx", Tensor.of(new float[] {0x1p-7f}, new long[0]),
            "sw", Tensor.of(new float[] {0x1p-5f}, new long[0]),
            "sb", Tensor.of(new float[] {scale}, new long[0]),
            "sy", Tensor.of(new float[] {0x1p-6f}, new long[0]),
            "z", Tensor.of(DataType.UINT8, new byte[] {0}, new long[0]),
            "zw", Tensor.of(DataType.INT8, new byte[] {0}, new long[0]),
            "w", Tensor.of(DataType.INT8, new byte[] {64}, ones),
            "b", Tensor.of(new int[] {bias}, 1));
    Graph graph =
        new Graph(
            "g",
            List.of(value("x", shape)),
            List.of(value("y", shape)),
            constants,
            List.of(
                node("qx", "QuantizeLinear", "ix", "x", "sx", "z"),
                node("dx", "DequantizeLinear", "fx", "ix", "sx", "z"),
                node("dw", "DequantizeLinear", "fw", "w", "sw", "zw"),
                node("db", "DequantizeLinear", "fb", "b", "sb"),
                node("layer", op, "fy", "fx", "fw", "fb"),
                node("qy", "QuantizeLinear", "iy", "fy", "sy", "z"),
                node("dy", "DequantizeLinear", "y", "iy", "sy", "z")),
            Map.of(),
            Optional.empty());
    return Model.of(graph, 13);
  }

  private static Node node(String name, String op, String result, String... operands) {
    return Node.of(name, OpType.onnx(op), List.of(operands), List.of(result));
  }

  private static ValueInfo value(String name, long... shape) {
    return ValueInfo.of(name, TensorType.of(DataType.FLOAT, Shape.of(shape)));
  }
}
