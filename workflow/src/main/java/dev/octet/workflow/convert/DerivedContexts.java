package dev.octet.workflow.convert;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.DerivationContext;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizedType;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Makes what the parameters of derived groups are computed from. */
final class DerivedContexts {

  private final Plan plan;
  private final GraphValues facts;
  private final Map<Integer, Point> firstPoints = new HashMap<>();

  DerivedContexts(Plan plan) {
    this.plan = plan;
    this.facts = GraphValues.of(plan.prepared().model().graph());
    plan.nodes()
        .forEach(
            node -> {
              node.operands().forEach(p -> add(Point.operand(node.name(), p.index())));
              node.results().forEach(p -> add(Point.result(node.name(), p.index())));
            });
  }

  private void add(Point point) {
    plan.group(point).ifPresent(group -> firstPoints.putIfAbsent(group.id(), point));
  }

  private record Context(
      Derivation derivation,
      QuantizedType type,
      Node node,
      Optional<Shape> shape,
      List<Source> sources)
      implements DerivationContext {}

  private record OfSource(
      QuantizationParameters parameters, QuantizedType type, Optional<Shape> shape)
      implements DerivationContext.Source {}

  /** Returns the context of a group whose sources have parameters. */
  DerivationContext of(PlannedGroup group, Map<Integer, GroupParameters> parameters) {
    return of(group, parameters, -1, QuantizationParameters.joined(List.of()));
  }

  /**
   * Returns the context of a group, with other parameters in the place of those of one source.
   *
   * @param replaced the number of the source's group
   */
  DerivationContext of(
      PlannedGroup group,
      Map<Integer, GroupParameters> parameters,
      int replaced,
      QuantizationParameters replacement) {
    Point point = point(group);
    List<DerivationContext.Source> sources = new ArrayList<>();
    for (Point source : group.spec().sources()) {
      PlannedGroup of = plan.group(source).orElseThrow();
      QuantizationParameters own =
          of.id() == replaced
              ? replacement
              : Objects.requireNonNull(parameters.get(of.id()), "a source").parameters();
      sources.add(new OfSource(own, of.spec().type(), shape(source)));
    }
    return new Context(
        group.spec().derivation().orElseThrow(),
        group.spec().type(),
        facts.member(point.node()).orElseThrow().node(),
        shape(point),
        List.copyOf(sources));
  }

  /** Returns where a group is and how it is derived, for messages. */
  String words(PlannedGroup group) {
    return point(group) + " is " + group.spec();
  }

  /** Returns the first point of a group. */
  Point point(PlannedGroup group) {
    return Objects.requireNonNull(firstPoints.get(group.id()), "the points of a group");
  }

  private Optional<Shape> shape(Point point) {
    return facts.value(point).flatMap(GraphValues.Value::shape);
  }
}
