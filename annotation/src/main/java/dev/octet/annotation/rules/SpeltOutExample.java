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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model of a normalization that is spelt out, for tests: its mean broadcasts, so that nothing
 * that knows each operator alone puts it together. Nodes are named n0, n1 and so on, in the order
 * of the steps of the rule. Not thread-safe.
 */
final class SpeltOutExample {

  private static final long CHANNELS = 8;
  private static final TensorType TYPE = TensorType.of(DataType.FLOAT, Shape.of(2, 3, CHANNELS));

  /** Operator sets up to 17 state the axes of a mean as an attribute. */
  private static final long OPSET = 17;

  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  SpeltOutExample() {
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

  /** Adds a node, and returns what it gives. */
  String node(String op, String... operands) {
    String name = "n" + nodes.size();
    Attribute[] attributes =
        op.equals("ReduceMean")
            ? new Attribute[] {Attribute.of("axes", List.of(-1L))}
            : new Attribute[0];
    nodes.add(
        Node.of(name, OpType.onnx(op), List.of(operands), List.of(name + "_out"), attributes));
    return name + "_out";
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
            List.of(ValueInfo.of("n" + (nodes.size() - 1) + "_out", TYPE)),
            constants,
            nodes,
            Map.of(),
            Optional.empty());
    return Model.of(graph, OPSET);
  }
}
