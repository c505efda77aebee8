package dev.octet.api.quantizer;

import dev.octet.api.error.NearMisses;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Point;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The marks of the inputs and outputs of one graph. Not thread-safe. */
final class BoundaryRecords {

  private final Graph graph;
  private final Set<Point> points = new LinkedHashSet<>();
  private final Map<Point, BoundaryDirective> directives;
  private final Map<Point, QuantizationSpec> marks = new HashMap<>();

  BoundaryRecords(Graph graph, Map<Point, BoundaryDirective> directives) {
    this.graph = graph;
    this.directives = directives;
    graph.inputs().forEach(input -> points.add(Point.input(input.name())));
    graph.outputs().forEach(output -> points.add(Point.output(output.name())));
  }

  Map<Point, BoundaryDirective> directives() {
    return directives;
  }

  Optional<BoundaryDirective> directive(Point point) {
    requireExists(point);
    return Optional.ofNullable(directives.get(point));
  }

  boolean isFree(Point point) {
    return !marks.containsKey(point)
        && directive(point).map(BoundaryDirective::integers).orElse(true);
  }

  void mark(Point point, QuantizationSpec spec) {
    BoundaryDirective said = directive(point).orElse(null);
    if (said != null && !said.integers()) {
      throw MarkErrors.excluded("a mark is for " + point + ", which", said.decidedBy());
    }
    QuantizationSpec earlier = marks.putIfAbsent(point, spec);
    if (earlier != null) {
      throw MarkErrors.markedTwice(point, earlier, spec);
    }
  }

  void requireExists(Point point) {
    if (!points.contains(point)) {
      List<String> names =
          points.stream().filter(p -> p.side() == point.side()).map(Point::name).toList();
      throw MarkErrors.noPoint(point, NearMisses.of(point.name(), names));
    }
  }

  /**
   * Returns the first quantized point that reads an input, or the one that defines an output.
   *
   * @param specs the marks of nodes
   */
  Optional<Point> neighbour(Point point, Function<Point, Optional<QuantizationSpec>> specs) {
    requireExists(point);
    List<Point> near = new ArrayList<>();
    GraphValues.Value value = GraphValues.of(graph).value(point).orElse(null);
    if (value != null && point.side() == Point.Side.INPUT) {
      value.uses().forEach(use -> near.add(use.point()));
    } else if (value != null) {
      value.definition().ifPresent(near::add);
    }
    return near.stream()
        .filter(p -> specs.apply(p).filter(QuantizationSpec::hasParameters).isPresent())
        .findFirst();
  }

  /**
   * Adds the decisions, inputs first.
   *
   * @param withPolicy whether those of the caller's policy are added as well
   * @param specs the marks of nodes
   */
  void addTo(
      AnnotatedGraph.Builder annotated,
      boolean withPolicy,
      Function<Point, Optional<QuantizationSpec>> specs) {
    for (Point point : points) {
      BoundaryDirective said = withPolicy ? directives.get(point) : null;
      QuantizationSpec marked = marks.get(point);
      if (said == null && marked != null) {
        annotated.boundary(BoundaryAnnotation.of(point, marked));
      } else if (said != null && (marked != null || !said.integers() || isFloat(point))) {
        QuantizationSpec spec = marked == null ? bySelector(point, said, specs) : marked;
        annotated.boundary(BoundaryAnnotation.of(point, spec).decidedBy(said.decidedBy()));
      }
    }
  }

  /** What is no float, such as numbers of tokens, is integers already or never. */
  private boolean isFloat(Point point) {
    return GraphValues.of(graph)
        .value(point)
        .flatMap(GraphValues.Value::tensorType)
        .map(type -> type.dataType() == DataType.FLOAT)
        .orElse(true);
  }

  private QuantizationSpec bySelector(
      Point point, BoundaryDirective said, Function<Point, Optional<QuantizationSpec>> specs) {
    if (!said.integers()) {
      return new QuantizationSpec.KeepFloat("excluded by " + said.decidedBy());
    }
    return neighbour(point, specs)
        .map(QuantizationSpec.Shared::new)
        .orElseThrow(
            () ->
                MarkErrors.NO_NEIGHBOUR
                    .error(
                        point
                            + " is to become integers, but no quantized point "
                            + (point.side() == Point.Side.INPUT ? "reads" : "defines")
                            + " it")
                    .at(said.decidedBy())
                    .build());
  }
}
