package dev.octet.workflow.convert;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The types of values that the user's model states, which are those that a converted model states:
 * inferred ones would only make the file larger.
 */
final class StatedTypes {

  private StatedTypes() {}

  /**
   * Returns a graph that states what another one states of the values that are left, and no more.
   */
  static Graph of(Graph original, Graph graph) {
    Map<String, ValueInfo> values = new LinkedHashMap<>(original.values());
    values.keySet().removeIf(value -> graph.definition(value).isEmpty());
    List<Node> nodes = new ArrayList<>(graph.nodes().size());
    for (Node node : graph.nodes()) {
      nodes.add(node.subgraphs().isEmpty() ? node : node.withSubgraphs(bodies(original, node)));
    }
    return new Graph(
        graph.name(),
        graph.inputs(),
        graph.outputs(),
        graph.initializers(),
        nodes,
        values,
        graph.origin());
  }

  private static List<Graph> bodies(Graph original, Node node) {
    List<Graph> bodies = node.subgraphs();
    List<Graph> before = original.node(node.name()).map(Node::subgraphs).orElse(List.of());
    List<Graph> stated = new ArrayList<>();
    for (int i = 0; i < bodies.size(); i++) {
      Graph body = bodies.get(i);
      stated.add(
          before.size() == bodies.size() ? of(before.get(i), body) : body.withValues(Map.of()));
    }
    return stated;
  }
}
