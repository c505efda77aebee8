package dev.octet.kernels.execute;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How values of subgraphs are named outside of them: by the node, the attribute and the value, such
 * as {@code if1/then_branch/v}. Values of the main graph have their own names.
 */
public final class SubgraphValues {

  private SubgraphValues() {}

  /** Returns what stands before the names of the values of a subgraph. */
  public static String prefix(Node node, String attribute) {
    return node.name() + "/" + attribute + "/";
  }

  /** Returns the subgraphs of a node by the prefixes of their values. */
  public static Map<String, Graph> of(Node node) {
    Map<String, Graph> subgraphs = new LinkedHashMap<>();
    node.attributes()
        .forEach(
            (name, attribute) -> {
              List<Graph> graphs = attribute.value().graphs();
              boolean single = node.graphAttribute(name).isPresent();
              for (int i = 0; i < graphs.size(); i++) {
                subgraphs.put(prefix(node, single ? name : name + i), graphs.get(i));
              }
            });
    return subgraphs;
  }

  /**
   * Returns a graph and its subgraphs of every depth by the prefixes of their values; that of the
   * graph itself is empty.
   */
  public static Map<String, Graph> graphs(Graph graph) {
    Map<String, Graph> graphs = new LinkedHashMap<>();
    graphs.put("", graph);
    for (Node node : graph.nodesWithSubgraphs()) {
      graphs.putAll(of(node));
    }
    return graphs;
  }

  /** Returns the values of graphs around it that a node's subgraphs read, each once. */
  static Set<String> captured(Node node) {
    Set<String> captured = new LinkedHashSet<>();
    node.subgraphs().forEach(subgraph -> captured.addAll(free(subgraph)));
    return captured;
  }

  /** Returns the values that a graph reads and does not define. */
  private static Set<String> free(Graph graph) {
    Set<String> free = new LinkedHashSet<>();
    for (Node node : graph.nodes()) {
      free.addAll(node.operands());
      free.addAll(captured(node));
    }
    graph.outputs().forEach(output -> free.add(output.name()));
    graph.inputs().forEach(input -> free.remove(input.name()));
    free.removeAll(graph.initializers().keySet());
    graph.nodes().stream().map(Node::results).flatMap(List::stream).forEach(free::remove);
    free.remove("");
    return free;
  }
}
