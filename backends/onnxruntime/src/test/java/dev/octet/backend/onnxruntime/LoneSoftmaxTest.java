package dev.octet.backend.onnxruntime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoneSoftmaxTest {

  @ParameterizedTest
  @CsvSource({
    "13, -1, 3, 1, true",
    "13, 1, 3, 1, true",
    "13, 0, 3, 1, false",
    "13, -2, 1, 3, true",
    "12, 0, 1, 3, false",
    "12, 0, 1, 1, true"
  })
  void isFoundByTheSizesThatItGoesOver(
      long opset, long axis, long rows, long columns, boolean found) {
    assertEquals(found, LoneSoftmax.isIn(model(opset, axis, rows, columns)));
  }

  @Test
  void isOne() {
    Tensor given = Tensor.of(DataType.UINT8, new byte[] {0, 50, (byte) 255}, 3, 1);
    try (ExecutableModel loaded =
        new OnnxRuntime().load(LoadRequest.of(model(21, -1, 3, 1)).build())) {
      assertArrayEquals(
          new long[] {255, 255, 255}, loaded.run(Map.of("x", given)).get("y").integers());
    }
  }

  private static Model model(long opset, long axis, long rows, long columns) {
    TensorType integers = TensorType.of(DataType.UINT8, Shape.of(rows, columns));
    TensorType floats = TensorType.of(DataType.FLOAT, Shape.of(rows, columns));
    Graph graph =
        new Graph(
            "softmax",
            List.of(ValueInfo.of("x", integers)),
            List.of(ValueInfo.of("y", integers)),
            Map.of(
                "s",
                Tensor.of(new float[] {0.0625f}),
                "z",
                Tensor.ofIntegers(DataType.UINT8, new long[] {128}),
                "t",
                Tensor.of(new float[] {0.00390625f}),
                "o",
                Tensor.ofIntegers(DataType.UINT8, new long[] {0})),
            List.of(
                Node.of(
                    "dq", OpType.onnx("DequantizeLinear"), List.of("x", "s", "z"), List.of("f")),
                Node.of(
                    "softmax",
                    OpType.onnx("Softmax"),
                    List.of("f"),
                    List.of("g"),
                    Attribute.of("axis", axis)),
                Node.of("q", OpType.onnx("QuantizeLinear"), List.of("g", "t", "o"), List.of("y"))),
            Map.of("f", ValueInfo.of("f", floats), "g", ValueInfo.of("g", floats)),
            Optional.empty());
    return Model.of(graph, opset);
  }
}
