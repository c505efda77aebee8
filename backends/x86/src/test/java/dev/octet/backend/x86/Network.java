package dev.octet.backend.x86;

import dev.octet.annotation.RecordingAnnotations;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.Quantizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network of FLOAT values that a test writes node by node; its inputs {@code x} and {@code z}
 * have one shape.
 */
final class Network {

  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final Map<String, ValueInfo> values = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  Network constant(String name, long... sizes) {
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    constants.put(name, Tensor.of(new float[count], sizes));
    return this;
  }

  Network node(
      String name, String op, List<String> operands, String result, Attribute... attributes) {
    nodes.add(Node.of(name, OpType.onnx(op), operands, List.of(result), attributes));
    if (!result.equals("y")) {
      values.put(result, info(result));
    }
    return this;
  }

  /** Returns what a quantizer decides; the value {@code y} is the output. */
  AnnotatedGraph annotated(Quantizer quantizer) {
    Graph graph =
        new Graph(
            "network",
            List.of(image("x"), image("z")),
            List.of(info("y")),
            constants,
            nodes,
            values,
            Optional.empty());
    RecordingAnnotations annotations = new RecordingAnnotations("x86", graph);
    quantizer.annotate(graph, annotations);
    return annotations.finish();
  }

  private static ValueInfo image(String name) {
    return ValueInfo.of(name, ValueType.TensorType.of(DataType.FLOAT, Shape.of(1, 3, 8, 8)));
  }

  private static ValueInfo info(String name) {
    return ValueInfo.of(name, new ValueType.TensorType(DataType.FLOAT, Optional.empty()));
  }
}
