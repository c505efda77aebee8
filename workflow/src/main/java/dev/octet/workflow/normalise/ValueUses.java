package dev.octet.workflow.normalise;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often the values of a graph are read, by nodes of the graph and of its subgraphs. An output
 * of a graph or subgraph counts as one reader.
 */
final class ValueUses {

  private final Map<String, Integer> counts;

  ValueUses(Graph graph) {
    counts = new HashMap<>(2 * (graph.nodes().size() + graph.initializers().size()));
    add(graph);
  }

  int count(String value) {
    return counts.getOrDefault(value, 0);
  }

  /** Takes back the operands of a node that is removed. */
  void remove(List<String> operands) {
    operands.forEach(operand -> counts.merge(operand, -1, Integer::sum));
  }

  /** Adds the operands of a node that is new. */
  void add(List<String> operands) {
    operands.forEach(this::addReader);
  }

  private void add(Graph graph) {
    graph.outputs().stream().map(ValueInfo::name).forEach(this::addReader);
    for (Node node : graph.nodes()) {
      node.operands().forEach(this::addReader);
      node.subgraphs().forEach(this::add);
    }
  }

  private void addReader(String value) {
    counts.merge(value, 1, Integer::sum);
  }
}
