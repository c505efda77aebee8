package dev.octet.benchmarks;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A convolutional network of any number of nodes: residual blocks with BatchNormalization, pooling,
 * concatenation and, now and then, an operator that stays float.
 */
final class GeneratedNetwork {

  private static final long OPSET = 17;
  private static final ValueType VALUE =
      ValueType.TensorType.of(DataType.FLOAT, Shape.of(1, 4, 8, 8));

  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  private GeneratedNetwork() {}

  /** Returns a model of at least this many nodes, and at most a block more. */
  static Model of(int nodeCount) {
    GeneratedNetwork network = new GeneratedNetwork();
    String last = "x";
    for (int block = 0; network.nodes.size() < nodeCount; block++) {
      last = network.block("layer" + block % 7 + "/block" + block, last);
    }
    Graph graph =
        new Graph(
            "generated",
            List.of(ValueInfo.of("x", VALUE)),
            List.of(ValueInfo.of(last, VALUE)),
            network.constants,
            network.nodes,
            Map.of(),
            Optional.empty());
    return Model.of(graph, OPSET);
  }

  private String block(String name, String input) {
    String first = node(name + "/relu1", "Relu", convolution(name + "/conv1", input));
    String second = normalisation(name + "/bn", convolution(name + "/conv2", first));
    String sum = node(name + "/add", "Add", second, input);
    String active = node(name + "/relu2", "Relu", sum);
    String smooth = node(name + "/softplus", "Softplus", active);
    String scaled = node(name + "/mul", "Mul", smooth, active);
    String joined = joined(name + "/concat", scaled, active);
    return sliced(name + "/slice", joined);
  }

  private String convolution(String name, String input) {
    constants.put(name + ".weight", floats(16, 4, 4, 1, 1));
    constants.put(name + ".bias", floats(4, 4));
    return node(name, "Conv", input, name + ".weight", name + ".bias");
  }

  private String normalisation(String name, String input) {
    List<String> operands = new ArrayList<>(List.of(input));
    for (String part : List.of("scale", "b", "mean", "var")) {
      constants.put(name + "." + part, floats(4, 4));
      operands.add(name + "." + part);
    }
    return node(name, "BatchNormalization", operands.toArray(String[]::new));
  }

  private String joined(String name, String first, String second) {
    nodes.add(
        Node.of(
            name,
            OpType.onnx("Concat"),
            List.of(first, second),
            List.of(name + ".y"),
            Attribute.of("axis", 1L)));
    return name + ".y";
  }

  /** The first four channels again. */
  private String sliced(String name, String input) {
    Map<String, Long> bounds = new LinkedHashMap<>();
    bounds.put("starts", 0L);
    bounds.put("ends", 4L);
    bounds.put("axes", 1L);
    List<String> operands = new ArrayList<>(List.of(input));
    bounds.forEach(
        (bound, value) -> {
          constants.putIfAbsent(bound, Tensor.of(new long[] {value}, 1));
          operands.add(bound);
        });
    return node(name, "Slice", operands.toArray(String[]::new));
  }

  private String node(String name, String op, String... operands) {
    nodes.add(Node.of(name, OpType.onnx(op), List.of(operands), List.of(name + ".y")));
    return name + ".y";
  }

  private static Tensor floats(int count, long... sizes) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i % 5 + 1) * 0.125f;
    }
    return Tensor.of(values, sizes);
  }
}
