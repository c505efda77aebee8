package dev.octet.workflow.evaluate;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.workflow.plan.GraphValue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The layers in bodies of If, Loop and Scan whose weights a quantized model stores otherwise. They
 * run never, or many times for one sample, so that there are no two sums to tell of them.
 */
final class LayersOfBodies {

  private final Map<Point, Tensor> reference;
  private final Map<Point, Tensor> quantized;
  private final Set<String> twins = new HashSet<>();

  private LayersOfBodies(Graph reference, Graph quantized) {
    this.reference = constants(reference);
    this.quantized = constants(quantized);
    quantized.nodesWithSubgraphs().forEach(node -> twins.add(node.name()));
  }

  /**
   * Returns the names of these layers in the order of the float model.
   *
   * @param reference the graph of the float model
   * @param quantized that of the quantized one
   */
  static List<String> between(Graph reference, Graph quantized) {
    LayersOfBodies layers = new LayersOfBodies(reference, quantized);
    return reference.nodesWithSubgraphs().stream()
        .filter(node -> reference.node(node.name()).isEmpty() && layers.isOne(node))
        .map(Node::name)
        .toList();
  }

  private static Map<Point, Tensor> constants(Graph graph) {
    Map<Point, Tensor> read = new HashMap<>();
    for (GraphValue value : GraphValue.of(graph)) {
      value.constant().ifPresent(tensor -> value.uses().forEach(use -> read.put(use, tensor)));
    }
    return read;
  }

  private boolean isOne(Node node) {
    for (int i = 0; i < node.operands().size() && twins.contains(node.name()); i++) {
      Point operand = Point.operand(node.name(), i);
      Tensor weight = reference.get(operand);
      if (weight != null && QuantizedLayers.isWeight(weight)) {
        Tensor stored = quantized.get(operand);
        return stored == null || stored.dataType() != DataType.FLOAT;
      }
    }
    return false;
  }
}
