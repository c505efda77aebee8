package dev.octet.backend.onnxruntime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import dev.octet.api.quantizer.Finding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SaturationCheckTest {

  @Test
  void pairsOfLargeWeightsAreReportedAndSmallOnesAreNot() {
    assertEquals(1, findings(DataType.INT8, 100, 29, 0, 0).size());
    assertEquals(1, findings(DataType.INT8, 0, 0, -100, -29).size());
    assertEquals(1, findings(DataType.INT8, -128, -1).size());
    assertEquals(List.of(), findings(DataType.INT8, 100, 28, -100, -28));
    assertEquals(List.of(), findings(DataType.INT8, 64, 64, -64, -64));
    assertEquals(List.of(), findings(DataType.INT8, -128, 0));
    assertEquals(List.of(), findings(DataType.INT8, 127));
    assertEquals(List.of(), findings(DataType.INT8));
  }

  @Test
  void whatIsNoPairOrOfUnlikeSignsIsExact() {
    assertEquals(List.of(), findings(DataType.INT8, 1, 127, 127, 1));
    assertEquals(List.of(), findings(DataType.INT8, 127, -127, -128, 127));
    assertEquals(List.of(), findings(DataType.INT8, 1, 127, 127));
  }

  @Test
  void unsignedWeightsAreExact() {
    assertEquals(List.of(), findings(DataType.UINT8, 100, 100));
  }

  @Test
  void theFindingNamesTheLayerAndTheWayOut() {
    Finding finding = findings(DataType.INT8, 127, 127).get(0);
    assertEquals("OCT-CONV-102", finding.id());
    assertEquals(Finding.Severity.WARNING, finding.severity());
    assertTrue(finding.message().startsWith("1 layer ('gemm') may give wrong results"));
    assertTrue(finding.message().endsWith("quantize with --backend onnxruntime."));
  }

  private static List<Finding> findings(DataType type, int... weights) {
    byte[] bytes = new byte[weights.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) weights[i];
    }
    Graph graph =
        new Graph(
            "g",
            List.of(value("x", 1, bytes.length)),
            List.of(value("y", 1, 1)),
            Map.of("w", Tensor.of(type, bytes, 1, bytes.length), "s", Tensor.of(new float[] {1f})),
            List.of(
                Node.of("dq", OpType.onnx("DequantizeLinear"), List.of("w", "s"), List.of("d")),
                Node.of(
                    "gemm",
                    OpType.onnx("Gemm"),
                    List.of("x", "d"),
                    List.of("y"),
                    Attribute.of("transB", 1L))),
            Map.of(),
            Optional.empty());
    return new OnnxRuntimeProvider().checkConverted(Model.of(graph, 13));
  }

  private static ValueInfo value(String name, long... sizes) {
    return ValueInfo.of(name, TensorType.of(DataType.FLOAT, Shape.of(sizes)));
  }
}
