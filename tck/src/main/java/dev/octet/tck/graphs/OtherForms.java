package dev.octet.tck.graphs;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.operator.OperatorSignature;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.tck.integers.IntegerModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Models of integers that mean the same and are written down otherwise. */
public final class OtherForms {

  /** The first with scales along an axis, and the last that Octet reads. */
  private static final long OLDEST = 13;

  private static final long NEWEST = 25;

  /** Later versions brought types and attributes, and left 8 bits as they were. */
  private static final Set<String> CONVERSIONS = Set.of("QuantizeLinear", "DequantizeLinear");

  private OtherForms() {}

  /** Returns a model with a node and constants beside its own that nothing reads. */
  public static Model withUnread(IntegerModel model) {
    Graph graph = model.model().graph();
    Map<String, Tensor> constants = new LinkedHashMap<>();
    constants.put("unread_scale", Tensor.of(new float[] {7}));
    constants.putAll(graph.initializers());
    constants.put("unread", Tensor.of(new float[] {1, 2, 3}, 3));
    List<Node> nodes = new ArrayList<>(graph.nodes());
    Node step = graph.node(model.steps().get(0).node()).orElseThrow();
    int at = nodes.indexOf(step);
    for (String result : step.results()) {
      graph.uses(result).stream()
          .map(use -> graph.node(use.node()).orElseThrow())
          .filter(QdqGraph::isQuantize)
          .forEach(quantize -> nodes.add(at, unread(quantize, "unread_" + result)));
    }
    nodes.add(at, unread(step, step.operands().get(0)));
    return with(model.model(), graph.outputs(), constants, nodes);
  }

  /** Returns a node that does again what another does, and whose results have other names. */
  private static Node unread(Node node, String first) {
    List<String> operands = new ArrayList<>(node.operands());
    operands.set(0, first);
    return Node.of(
        "unread_" + node.name(),
        node.op(),
        operands,
        node.results().stream().map(result -> "unread_" + result).toList(),
        node.attributes().values().toArray(Attribute[]::new));
  }

  /** Returns a model whose inputs and stored constants are outputs, in front of its own. */
  public static Model handingOn(IntegerModel model) {
    Graph graph = model.model().graph();
    List<ValueInfo> outputs = new ArrayList<>(graph.inputs());
    model.constants().forEach((name, content) -> outputs.add(ValueInfo.of(name, content.type())));
    outputs.addAll(graph.outputs());
    return with(model.model(), outputs, graph.initializers(), graph.nodes());
  }

  private static Model with(
      Model model, List<ValueInfo> outputs, Map<String, Tensor> constants, List<Node> nodes) {
    Graph graph = model.graph();
    return model.withGraph(
        new Graph(
            graph.name(),
            graph.inputs(),
            outputs,
            constants,
            nodes,
            graph.values(),
            graph.origin()));
  }

  /**
   * Returns a model under the oldest and the newest operator set in which every operator is what it
   * is in the model's own; none where that is the only one.
   */
  public static List<Model> ofOtherOperatorSets(Model model) {
    long oldest = model.opset();
    while (oldest > OLDEST && isTheSame(model, oldest - 1)) {
      oldest--;
    }
    long newest = model.opset();
    while (newest < NEWEST && isTheSame(model, newest + 1)) {
      newest++;
    }
    long own = model.opset();
    return List.of(oldest, newest).stream()
        .filter(set -> set != own)
        .map(set -> model.withOpset("", set))
        .toList();
  }

  private static boolean isTheSame(Model model, long opset) {
    return model.graph().nodes().stream().allMatch(node -> isTheSame(node, model.opset(), opset))
        && model.graph().initializers().values().stream().allMatch(OtherForms::isOld);
  }

  private static boolean isTheSame(Node node, long own, long opset) {
    return CONVERSIONS.contains(node.op().toString())
        || OperatorSignature.of(node.op())
            .filter(op -> op.since(opset).isPresent())
            .filter(op -> op.since(opset).equals(op.since(own)))
            .isPresent();
  }

  /** 16 and 4 bits came later. */
  private static boolean isOld(Tensor constant) {
    int bits = constant.dataType().bits();
    return bits == Byte.SIZE || bits >= Integer.SIZE;
  }

  /**
   * Returns the outputs of a model inside of an If or a Loop by the names that they have outside;
   * of a Loop what the first trip gave that is not as outside, or what all gave.
   */
  public static Map<String, Tensor> outside(Map<String, Tensor> usual, Map<String, Tensor> inside) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    inside.forEach(
        (name, tensor) -> {
          String original = name.substring(name.indexOf('_') + 1);
          Tensor wanted = usual.getOrDefault(original, tensor);
          all.put(original, tensor.rank() > wanted.rank() ? trip(tensor, wanted) : tensor);
        });
    return all;
  }

  private static Tensor trip(Tensor stacked, Tensor wanted) {
    long[] integers = stacked.integers();
    int length = Math.toIntExact(wanted.elementCount());
    for (int trip = 0; trip < stacked.sizes()[0]; trip++) {
      long[] part = Arrays.copyOfRange(integers, trip * length, (trip + 1) * length);
      Tensor given = Tensor.ofIntegers(stacked.dataType(), part, wanted.sizes());
      if (!given.equals(wanted)) {
        return given;
      }
    }
    return wanted;
  }
}
