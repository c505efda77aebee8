package dev.octet.annotation.rules;

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
import dev.octet.api.provider.Capability;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model of a normalization that is spelt out, for tests: its mean broadcasts, so that nothing
 * that knows each operator alone puts it together. Nodes are named node_a, node_b and so on, in the
 * order of the steps of the rule. Not thread-safe.
 */
final class SpeltOutExample {

  private static final long CHANNELS = 8;
  private static final TensorType TYPE = TensorType.of(DataType.FLOAT, Shape.of(2, 3, CHANNELS));

  /** What the name of a value ends with, behind that of its node. */
  private static final String RESULT = "_out";

  /** Operator sets up to 17 state the axes of a mean as an attribute. */
  private static final long OPSET = 17;

  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  SpeltOutExample() {
    constants.put("zero", Tensor.of(new float[] {0}));
    constants.put("two", Tensor.of(new float[] {2}));
    constants.put("epsilon", Tensor.of(new float[] {0.01f}));
    constants.put("gamma", ramp(0.75f));
    constants.put("beta", ramp(-0.25f));
  }

  private static Tensor ramp(float first) {
    float[] values = new float[(int) CHANNELS];
    for (int i = 0; i < values.length; i++) {
      values[i] = first + i / 16f;
    }
    return Tensor.of(values, CHANNELS);
  }

  private static String name(int index) {
    return "node_" + (char) ('a' + index);
  }

  /** Adds a node, and returns what it gives. */
  String node(String op, String... operands) {
    String name = name(nodes.size());
    Attribute[] attributes =
        op.equals("ReduceMean")
            ? new Attribute[] {Attribute.of("axes", List.of(-1L))}
            : new Attribute[0];
    nodes.add(
        Node.of(name, OpType.onnx(op), List.of(operands), List.of(name + RESULT), attributes));
    return name + RESULT;
  }

  /** Adds a product with gamma, and returns it. */
  String scaled(String value) {
    return node("Mul", value, "gamma");
  }

  /** Returns the model with the nodes that give these values in the places of a pattern. */
  Capability.Example inPlaces(String... values) {
    List<String> places =
        Stream.of(values).map(v -> v.substring(0, v.length() - RESULT.length())).toList();
    return new Capability.Example(model(), places);
  }

  /** Returns the nodes' names. */
  List<String> names() {
    return nodes.stream().map(Node::name).toList();
  }

  /** Returns the model, whose output is what the last node gives. */
  Model model() {
    Graph graph =
        new Graph(
            "example",
            List.of(ValueInfo.of("x", TYPE)),
            List.of(ValueInfo.of(name(nodes.size() - 1) + RESULT, TYPE)),
            constants,
            nodes,
            Map.of(),
            Optional.empty());
    return Model.of(graph, OPSET);
  }
}
