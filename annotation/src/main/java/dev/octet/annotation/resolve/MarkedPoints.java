package dev.octet.annotation.resolve;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
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

  private final List<Point> points = new ArrayList<>();
  private final List<QuantizationSpec> specs = new ArrayList<>();
  private final List<GraphValues.Value> values = new ArrayList<>();
  private final Map<Point, Integer> numbers;

  MarkedPoints(AnnotatedGraph annotated) {
    GraphValues all = GraphValues.of(annotated.graph());
    addBoundary(annotated, all, Point.Side.INPUT);
    for (Node node : annotated.graph().nodesWithSubgraphs()) {
      NodeAnnotation marks = annotated.nodes().get(node.name());
      if (marks != null) {
        marks
            .operands()
            .forEach((i, spec) -> add(Point.operand(node.name(), i), spec, all.operand(node, i)));
        marks
            .results()
            .forEach((i, spec) -> add(Point.result(node.name(), i), spec, all.result(node, i)));
      }
    }
    addBoundary(annotated, all, Point.Side.OUTPUT);
    this.numbers = new HashMap<>(2 * points.size());
    for (int i = 0; i < points.size(); i++) {
      numbers.put(points.get(i), i);
    }
  }

  private void addBoundary(AnnotatedGraph annotated, GraphValues all, Point.Side side) {
    for (BoundaryAnnotation at : annotated.boundary().values()) {
      if (at.point().side() == side) {
        add(at.point(), at.spec(), all.value(at.point()));
      }
    }
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

  /** Returns the point's number; null when it is not quantized. */
  @Nullable Integer number(Point point) {
    return numbers.get(point);
  }

  private void add(Point point, QuantizationSpec spec, Optional<GraphValues.Value> value) {
    if (value.isPresent() && spec.hasParameters()) {
      points.add(point);
      specs.add(spec);
      values.add(value.get());
    }
  }
}
