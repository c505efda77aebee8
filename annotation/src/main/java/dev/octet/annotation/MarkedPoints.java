package dev.octet.annotation;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The points of a graph that are quantized, numbered in the graph's order: node after node, its
 * operands, its results, then its subgraphs.
 *
 * <p>The order comes from the graph alone, whatever the order of the marks.
 */
final class MarkedPoints {

  private final AnnotatedGraph annotated;
  private final List<Point> points = new ArrayList<>();
  private final List<QuantizationSpec> specs = new ArrayList<>();
  private final List<GraphValues.Value> values = new ArrayList<>();
  private final Map<Point, Integer> numbers = new HashMap<>();

  MarkedPoints(AnnotatedGraph annotated) {
    this.annotated = annotated;
    GraphValues all = GraphValues.of(annotated.graph());
    for (Node node : annotated.graph().nodesWithSubgraphs()) {
      for (int i = 0; i < node.operands().size(); i++) {
        Point point = Point.operand(node.name(), i);
        all.operand(node, i).ifPresent(value -> add(point, value));
      }
      for (int i = 0; i < node.results().size(); i++) {
        Point point = Point.result(node.name(), i);
        all.result(node, i).ifPresent(value -> add(point, value));
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

  private void add(Point point, GraphValues.Value value) {
    QuantizationSpec spec = annotated.spec(point).orElse(null);
    if (spec == null || spec.floatReason().isPresent()) {
      return;
    }
    numbers.put(point, points.size());
    points.add(point);
    specs.add(spec);
    values.add(value);
  }
}
