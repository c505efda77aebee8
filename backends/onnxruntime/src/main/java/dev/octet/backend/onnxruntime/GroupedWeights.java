package dev.octet.backend.onnxruntime;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.qdq.QdqLayout;
import dev.octet.api.qdq.QdqValue;
import java.util.Set;

/**
 * Finds weights whose groups ONNX Runtime does not see.
 *
 * <p>Where DynamicQuantizeLinear makes integers of the other operand, it fuses a MatMul into
 * DynamicQuantizeMatMul, which takes scales of channels alone. It takes those of groups for them,
 * and stops, or gives wrong results without a word.
 */
final class GroupedWeights {

  private static final Set<String> PRODUCTS = Set.of("MatMul", "Gemm");

  private GroupedWeights() {}

  /** Tells whether some product of an operand with scales of this run reads scales of groups. */
  static boolean meetDynamicOperands(Graph graph) {
    QdqGraph quantized = new QdqGraph(graph);
    return graph.nodesWithSubgraphs().stream()
        .filter(node -> PRODUCTS.contains(node.op().toString()))
        .anyMatch(node -> isDynamic(quantized, node) && hasGroups(quantized, node));
  }

  /** Asks the node, since a graph need not state the types of what it computes. */
  private static boolean isDynamic(QdqGraph graph, Node product) {
    return product
        .operand(0)
        .flatMap(graph.graph()::producer)
        .filter(QdqGraph::isDequantize)
        .flatMap(dequantize -> dequantize.operand(1))
        .filter(scale -> graph.constant(scale).isEmpty())
        .isPresent();
  }

  private static boolean hasGroups(QdqGraph graph, Node product) {
    return graph
        .operand(product, 1)
        .map(
            value ->
                value.match(
                    new QdqValue.Cases<>(stated -> isGrouped(stated.layout()), dynamic -> false)))
        .orElse(false);
  }

  private static boolean isGrouped(QdqLayout layout) {
    return layout.match(new QdqLayout.Cases<>(whole -> false, channel -> false, runs -> true));
  }
}
