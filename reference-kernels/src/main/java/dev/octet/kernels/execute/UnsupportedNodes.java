package dev.octet.kernels.execute;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Words the refusal of nodes that cannot be executed. */
final class UnsupportedNodes {

  private UnsupportedNodes() {}

  /**
   * Returns the error that names all nodes.
   *
   * @param reasons reason by node name, not empty
   */
  static OctetException refuse(Graph graph, Map<String, String> reasons) {
    List<String> nodes = new ArrayList<>();
    reasons.forEach(
        (name, reason) ->
            nodes.add(
                "'%s' (%s: %s)"
                    .formatted(name, graph.node(name).map(Node::op).orElseThrow(), reason)));
    String noun = reasons.size() == 1 ? " node cannot" : " nodes cannot";
    return ExecutionErrors.UNSUPPORTED_NODES
        .error(reasons.size() + noun + " be executed: " + String.join(", ", nodes))
        .at("graph '" + graph.name() + "'")
        .build();
  }
}
