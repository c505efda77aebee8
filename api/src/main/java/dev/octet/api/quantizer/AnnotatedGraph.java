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

/**
 * A graph with the decision on each of its nodes. Immutable.
 *
 * @param graph the graph
 * @param nodes the decision by node name, for every node of the graph and its subgraphs, in the
 *     graph's order
 * @param unshared the points that do not share parameters just because specs are equal
 */
public record AnnotatedGraph(
    Graph graph, Map<String, NodeAnnotation> nodes, SortedSet<Point> unshared) {

  /** Copies the collections. */
  public AnnotatedGraph {
    Objects.requireNonNull(graph, "graph");
    nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
    unshared = Collections.unmodifiableSortedSet(new TreeSet<>(unshared));
  }

  /** Returns the spec of a point; empty when it is not marked. */
  public Optional<QuantizationSpec> spec(Point point) {
    NodeAnnotation annotation = nodes.get(point.node());
    if (annotation == null) {
      return Optional.empty();
    }
    var specs = point.side() == Point.Side.OPERAND ? annotation.operands() : annotation.results();
    return Optional.ofNullable(specs.get(point.index()));
  }
}
