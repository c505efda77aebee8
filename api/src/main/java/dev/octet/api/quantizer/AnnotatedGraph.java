package dev.octet.api.quantizer;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Point;
import dev.octet.api.spec.QuantizationSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A graph with the decision on each of its nodes. Immutable. */
public final class AnnotatedGraph {

  private final Graph graph;
  private final Map<String, NodeAnnotation> nodes;
  private final Map<Point, BoundaryAnnotation> boundary;
  private final SortedSet<Point> unshared;

  private AnnotatedGraph(Builder builder) {
    this.graph = builder.graph;
    Map<String, NodeAnnotation> decisions = new LinkedHashMap<>(2 * builder.nodes.size());
    builder.nodes.forEach(decisions::put);
    this.nodes = Collections.unmodifiableMap(decisions);
    this.boundary = Collections.unmodifiableMap(new LinkedHashMap<>(builder.boundary));
    this.unshared = Collections.unmodifiableSortedSet(new TreeSet<>(builder.unshared));
  }

  /** Starts with a graph without decisions. */
  public static Builder builder(Graph graph) {
    return new Builder(graph);
  }

  /** Returns the graph. */
  public Graph graph() {
    return graph;
  }

  /**
   * Returns the decisions by node name, in the order in which they were added: of a {@linkplain
   * AnnotationContext#annotated context}, one for every node of the graph and its subgraphs, in the
   * graph's order.
   */
  public Map<String, NodeAnnotation> nodes() {
    return nodes;
  }

  /**
   * Returns the decisions on inputs and outputs of the graph, in the order in which they were
   * added; none for those that stay as they are without a decision.
   */
  public Map<Point, BoundaryAnnotation> boundary() {
    return boundary;
  }

  /** Returns the points that do not share parameters just because specs are equal. */
  public SortedSet<Point> unshared() {
    return unshared;
  }

  /** Returns the spec of a point; empty when it is not marked. */
  public Optional<QuantizationSpec> spec(Point point) {
    if (point.isBoundary()) {
      return Optional.ofNullable(boundary.get(point)).map(BoundaryAnnotation::spec);
    }
    NodeAnnotation annotation = nodes.get(point.node());
    if (annotation == null) {
      return Optional.empty();
    }
    var specs = point.side() == Point.Side.OPERAND ? annotation.operands() : annotation.results();
    return Optional.ofNullable(specs.get(point.index()));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AnnotatedGraph that
        && graph.equals(that.graph)
        && nodes.equals(that.nodes)
        && boundary.equals(that.boundary)
        && unshared.equals(that.unshared);
  }

  @Override
  public int hashCode() {
    return Objects.hash(graph, nodes, boundary, unshared);
  }

  /** Returns the decisions, one after the other. */
  @Override
  public String toString() {
    return nodes.values() + (boundary.isEmpty() ? "" : " " + boundary.values());
  }

  /** Collects decisions. Not thread-safe. */
  public static final class Builder {
    private final Graph graph;
    private final Map<String, NodeAnnotation> nodes;
    private final Map<Point, BoundaryAnnotation> boundary = new LinkedHashMap<>();
    private final SortedSet<Point> unshared = new TreeSet<>();

    private Builder(Graph graph) {
      this.graph = Objects.requireNonNull(graph, "graph");
      this.nodes = new LinkedHashMap<>(2 * graph.nodes().size());
    }

    /** Adds the decision on a node; a later one replaces an earlier one. */
    public Builder node(NodeAnnotation decision) {
      nodes.put(decision.node(), decision);
      return this;
    }

    /** Adds the decision on an input or output; a later one replaces an earlier one. */
    public Builder boundary(BoundaryAnnotation decision) {
      boundary.put(decision.point(), decision);
      return this;
    }

    /** Adds a point that does not share parameters just because specs are equal. */
    public Builder unshared(Point point) {
      unshared.add(point);
      return this;
    }

    /** Returns the graph with the decisions so far. */
    public AnnotatedGraph build() {
      return new AnnotatedGraph(this);
    }
  }
}
