package dev.octet.kernels.execute;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.runtime.NodeRefusals;
import java.util.Map;

/** Refuses nodes that cannot be executed. */
final class UnsupportedNodes {

  private UnsupportedNodes() {}

  /**
   * Returns the error that names all nodes.
   *
   * @param reasons reason by the name of a node of the graph itself, not empty
   */
  static OctetException refuse(Graph graph, Map<String, String> reasons) {
    NodeRefusals refusals = NodeRefusals.of(graph);
    reasons.forEach((name, reason) -> refusals.refuse(graph.node(name).orElseThrow(), reason));
    return refusals.error().orElseThrow();
  }
}
