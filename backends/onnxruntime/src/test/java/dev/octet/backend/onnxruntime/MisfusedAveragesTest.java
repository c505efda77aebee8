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

class MisfusedAveragesTest {

  private static final Attribute APART = Attribute.of("dilations", List.of(2L));
  private static final Attribute[] OUTSIDE = {
    Attribute.of("ceil_mode", 1),
    Attribute.of("count_include_pad", 1),
    Attribute.of("pads", List.of(1L, 0L)),
    Attribute.of("strides", List.of(4L))
  };

  @Test
  void areFoundWhereTheyAreStated() {
    assertEquals(true, MisfusedAverages.areIn(model("AveragePool", APART).graph()));
    assertEquals(false, MisfusedAverages.areIn(model("AveragePool").graph()));
    assertEquals(false, MisfusedAverages.areIn(model("MaxPool", APART).graph()));
    assertEquals(true, MisfusedAverages.areIn(model("AveragePool", OUTSIDE).graph()));
    assertEquals(false, MisfusedAverages.areIn(model("AveragePool", OUTSIDE[0]).graph()));
  }

  /** The first window has a padded element and 20, the second 70 and nothing. */
  @Test
  void countPaddingAndNothingBeyond() {
    Tensor given = Tensor.of(DataType.UINT8, new byte[] {20, 10, 40, 70}, 1, 1, 4);
    try (ExecutableModel loaded =
        new OnnxRuntime().load(LoadRequest.of(model("AveragePool", OUTSIDE)).build())) {
      assertArrayEquals(new long[] {10, 70}, loaded.run(Map.of("x", given)).get("y").integers());
    }
  }

  @Test
  void areComputed() {
    Tensor given = Tensor.of(DataType.UINT8, new byte[] {0, 10, 40, 70}, 1, 1, 4);
    try (ExecutableModel loaded =
        new OnnxRuntime().load(LoadRequest.of(model("AveragePool", APART)).build())) {
      assertArrayEquals(new long[] {20, 40}, loaded.run(Map.of("x", given)).get("y").integers());
    }
  }

  /** Pools pairs of integers between conversions of one scale. */
  private static Model model(String op, Attribute... more) {
    TensorType read = TensorType.of(DataType.UINT8, Shape.of(1, 1, 4));
    TensorType made = TensorType.of(DataType.UINT8, Shape.of(1, 1, more.length == 0 ? 3 : 2));
    Node pool =
        Node.of(
            "pool",
            OpType.onnx(op),
            List.of("f"),
            List.of("g"),
            Attribute.of("kernel_shape", List.of(2L)));
    for (Attribute attribute : more) {
      pool = pool.withAttribute(attribute);
    }
    Graph graph =
        new Graph(
            "pool",
            List.of(ValueInfo.of("x", read)),
            List.of(ValueInfo.of("y", made)),
            Map.of(
                "s",
                Tensor.of(new float[] {0.5f}),
                "z",
                Tensor.ofIntegers(DataType.UINT8, new long[] {0})),
            List.of(
                Node.of(
                    "dq", OpType.onnx("DequantizeLinear"), List.of("x", "s", "z"), List.of("f")),
                pool,
                Node.of("q", OpType.onnx("QuantizeLinear"), List.of("g", "s", "z"), List.of("y"))),
            Map.of(),
            Optional.empty());
    return Model.of(graph, 21);
  }
}
