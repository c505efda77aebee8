package dev.octet.api.graph;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a node stands: its graph, and, for a body of If, Loop or Scan, the node that holds the body
 * and the scope of that node. Immutable and thread-safe.
 */
public final class GraphScope {

  private final Graph graph;
  private final @Nullable Node owner;
  private final @Nullable GraphScope outer;

  /**
   * Makes a scope.
   *
   * @param owner the node that holds the graph as a body, and its scope; null for a model's graph
   */
  GraphScope(Graph graph, @Nullable Node owner, @Nullable GraphScope outer) {
    this.graph = Objects.requireNonNull(graph, "graph");
    this.owner = owner;
    this.outer = outer;
  }

  /** Returns the graph. */
  public Graph graph() {
    return graph;
  }

  /** Returns the node that holds the graph as a body; empty for the graph of a model. */
  public Optional<Node> owner() {
    return Optional.ofNullable(owner);
  }

  /** Returns the scope of the owner; empty for the graph of a model. */
  public Optional<GraphScope> outer() {
    return Optional.ofNullable(outer);
  }

  /**
   * Returns the constant that a name means here: of this graph, or of the nearest graph around it
   * that defines the name. Empty when the name is no constant's.
   */
  public Optional<Tensor> constant(String value) {
    GraphScope scope = this;
    while (scope != null && !scope.graph.defines(value)) {
      scope = scope.outer;
    }
    return scope == null
        ? Optional.empty()
        : Optional.ofNullable(scope.graph.initializers().get(value));
  }
}
