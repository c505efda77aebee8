package dev.octet.annotation;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.ValueInfo;
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
 * <p>Each point knows its value by number; values of one name in sibling subgraphs have different
 * numbers. The order comes from the graph alone, whatever the order of the marks.
 */
final class MarkedPoints {

  private final AnnotatedGraph annotated;
  private final List<Point> points = new ArrayList<>();
  private final List<QuantizationSpec> specs = new ArrayList<>();
  private final List<Integer> values = new ArrayList<>();
  private final Map<Point, Integer> numbers = new HashMap<>();
  private int valueCount;

  MarkedPoints(AnnotatedGraph annotated) {
    this.annotated = annotated;
    visit(annotated.graph(), null);
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

  /** Returns the number of the value that the point reads or defines. */
  int value(int number) {
    return values.get(number);
  }

  /** Returns the point's number; null when it is not quantized. */
  @Nullable Integer number(Point point) {
    return numbers.get(point);
  }

  private void visit(Graph graph, @Nullable Scope outer) {
    Scope scope = new Scope(outer);
    graph.initializers().keySet().forEach(scope::define);
    graph.inputs().stream().map(ValueInfo::name).forEach(scope::define);
    for (Node node : graph.nodes()) {
      for (int i = 0; i < node.operands().size(); i++) {
        add(Point.operand(node.name(), i), scope.value(node.operands().get(i)));
      }
      node.results().forEach(scope::define);
      for (int i = 0; i < node.results().size(); i++) {
        add(Point.result(node.name(), i), scope.value(node.results().get(i)));
      }
      for (Graph subgraph : node.subgraphs()) {
        visit(subgraph, scope);
      }
    }
  }

  private void add(Point point, int value) {
    QuantizationSpec spec = annotated.spec(point).orElse(null);
    if (spec == null || spec.floatReason().isPresent()) {
      return;
    }
    numbers.put(point, points.size());
    points.add(point);
    specs.add(spec);
    values.add(value);
  }

  /** The values that one graph defines, and those of the graphs around it. */
  private final class Scope {
    private final @Nullable Scope outer;
    private final Map<String, Integer> defined = new HashMap<>();

    private Scope(@Nullable Scope outer) {
      this.outer = outer;
    }

    private void define(String name) {
      defined.put(name, valueCount++);
    }

    private int value(String name) {
      for (Scope scope = this; scope != null; scope = scope.outer) {
        Integer number = scope.defined.get(name);
        if (number != null) {
          return number;
        }
      }
      define(name);
      return valueCount - 1;
    }
  }
}
