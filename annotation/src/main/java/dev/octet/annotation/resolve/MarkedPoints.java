package dev.octet.annotation.resolve;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.BoundaryAnnotation;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The points of a graph that are quantized, numbered in the graph's order: its inputs, node after
 * node, its operands, its results, then its subgraphs; last the graph's outputs.
 *
 * <p>The order comes from the graph alone, whatever the order of the marks.
 */
final class MarkedPoints {

  private final GraphValues graph;
  private final List<Point> points = new ArrayList<>();
  private final List<QuantizationSpec> specs = new ArrayList<>();
  private final List<GraphValues.Value> values = new ArrayList<>();
  private final Map<Point, Integer> boundary = new HashMap<>();

  /** The decision on each node of the graph, by the node's number; null where there is none. */
  private final @Nullable NodeAnnotation[] decisions;

  /** The number of the first point that is not before each node of the graph, and of the end. */
  private final int[] starts;

  MarkedPoints(AnnotatedGraph annotated) {
    this.graph = GraphValues.of(annotated.graph());
    this.decisions = new NodeAnnotation[graph.members().size()];
    this.starts = new int[decisions.length + 1];
    addBoundary(annotated, Point.Side.INPUT);
    for (GraphValues.Member member : graph.members()) {
      NodeAnnotation decision = annotated.nodes().get(member.node().name());
      decisions[member.number()] = decision;
      starts[member.number()] = points.size();
      if (decision != null) {
        add(member, decision);
      }
    }
    starts[decisions.length] = points.size();
    addBoundary(annotated, Point.Side.OUTPUT);
  }

  private void addBoundary(AnnotatedGraph annotated, Point.Side side) {
    for (BoundaryAnnotation at : annotated.boundary().values()) {
      if (at.point().side() == side) {
        int number = points.size();
        add(at.point(), at.spec(), graph.value(at.point()));
        if (points.size() > number) {
          boundary.put(at.point(), number);
        }
      }
    }
  }

  private void add(GraphValues.Member member, NodeAnnotation decision) {
    String node = member.node().name();
    decision.operands().forEach((i, spec) -> add(Point.operand(node, i), spec, member.operand(i)));
    decision.results().forEach((i, spec) -> add(Point.result(node, i), spec, member.result(i)));
  }

  private void add(Point point, QuantizationSpec spec, Optional<GraphValues.Value> value) {
    if (value.isPresent() && spec.hasParameters()) {
      points.add(point);
      specs.add(spec);
      values.add(value.get());
    }
  }

  /** Returns how many values the graph has, those among them that no marked point is at. */
  int valueCount() {
    return graph.count();
  }

  int size() {
    return points.size();
  }

  Point point(int number) {
    return points.get(number);
  }

  QuantizationSpec spec(int number) {
    return specs.get(number);
  }

  /** Returns the value that the point reads or defines. */
  GraphValues.Value value(int number) {
    return values.get(number);
  }

  /** Returns the decision on a node; empty when there is none. */
  Optional<NodeAnnotation> decision(GraphValues.Member member) {
    return Optional.ofNullable(decisions[member.number()]);
  }

  /** Returns the point's number; -1 when it is not quantized. */
  int number(Point point) {
    return point.isBoundary()
        ? boundary.getOrDefault(point, -1)
        : graph
            .member(point.node())
            .map(member -> number(member, point.side(), point.index()))
            .orElse(-1);
  }

  /** Returns the number of an operand or a result; -1 when it is not quantized. */
  int number(GraphValues.Member member, Point.Side side, int index) {
    for (int i = starts[member.number()]; i < starts[member.number() + 1]; i++) {
      if (points.get(i).index() == index && points.get(i).side() == side) {
        return i;
      }
    }
    return -1;
  }
}
