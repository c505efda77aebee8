package dev.octet.api.runtime;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The nodes that a runtime or a format does not take, each with its reason: a model is refused
 * once, with all of them. Incubating. Not thread-safe.
 *
 * <pre>{@code
 * NodeRefusals refusals = NodeRefusals.of(request.model().graph());
 * for (Node node : request.model().graph().nodes()) {
 *   if (...) {
 *     refusals.refuse(node, "kernels larger than 7 x 7 are not computed");
 *   }
 * }
 * refusals.throwIfAny();
 * }</pre>
 */
public final class NodeRefusals {

  private final Graph graph;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, String> reasons = new LinkedHashMap<>();

  private NodeRefusals(Graph graph) {
    this.graph = graph;
    graph.nodesWithSubgraphs().forEach(node -> nodes.putIfAbsent(node.name(), node));
  }

  /** Starts with none of the nodes of a graph and its subgraphs. */
  public static NodeRefusals of(Graph graph) {
    return new NodeRefusals(graph);
  }

  /**
   * Refuses a node; a second reason for it stands behind the first.
   *
   * @param node a node of the graph or of a subgraph
   * @param reason why, as the second half of a sentence
   * @throws IllegalArgumentException if the graph has no node of that name, or the reason is empty
   */
  public void refuse(Node node, String reason) {
    if (!nodes.containsKey(node.name())) {
      throw new IllegalArgumentException(
          "graph '" + graph.name() + "' has no node '" + node.name() + "'");
    }
    if (Objects.requireNonNull(reason, "reason").isBlank()) {
      throw new IllegalArgumentException("node '" + node.name() + "' is refused without a reason");
    }
    reasons.merge(node.name(), reason, (first, second) -> first + "; " + second);
  }

  /**
   * Refuses the graph if one of its nodes was refused.
   *
   * @throws OctetException what {@link #error} returns
   */
  public void throwIfAny() {
    Optional<OctetException> error = error();
    if (error.isPresent()) {
      throw error.get();
    }
  }

  /**
   * Returns {@code OCT-GRAPH-001}, which names all refused nodes with operators and reasons, in the
   * order of the graph; empty when none was refused.
   */
  public Optional<OctetException> error() {
    if (reasons.isEmpty()) {
      return Optional.empty();
    }
    List<String> refused = new ArrayList<>();
    nodes.forEach(
        (name, node) -> {
          String reason = reasons.get(name);
          if (reason != null) {
            refused.add("'%s' (%s: %s)".formatted(name, node.op(), reason));
          }
        });
    String noun = refused.size() == 1 ? " node cannot" : " nodes cannot";
    return Optional.of(
        RunErrors.REFUSED_NODES
            .error(refused.size() + noun + " be executed: " + String.join(", ", refused))
            .at("graph '" + graph.name() + "'")
            .build());
  }
}
