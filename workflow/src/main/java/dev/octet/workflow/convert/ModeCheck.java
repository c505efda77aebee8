package dev.octet.workflow.convert;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Point;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.spec.Storage;
import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedBoundary;
import dev.octet.workflow.plan.PlannedGroup;
import dev.octet.workflow.plan.PlannedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the points of a plan whose mode stands in the way of converting it. */
final class ModeCheck {

  /** Bits of the widest type that QuantizeLinear produces. */
  private static final int WIDEST = 16;

  private final Plan plan;
  private final RowLengths rows;

  private ModeCheck(Plan plan) {
    this.plan = plan;
    this.rows = new RowLengths(plan);
  }

  /** What is wrong with one point; empty when nothing is. */
  private interface Check {
    Optional<OctetException> of(Place place, PlannedGroup group);
  }

  /** A point with its node, or an input or output. */
  private record Place(Point point, Optional<PlannedNode> node) {

    private String owner() {
      return node.map(n -> "node '" + n.name() + "'").orElse("the model");
    }
  }

  /** Returns what is wrong with the first point that no conversion can ever serve. */
  static Optional<OctetException> impossible(Plan plan) {
    ModeCheck check = new ModeCheck(plan);
    return check.boundaryWithoutForm().or(() -> check.first(check::weightOnlyButComputed));
  }

  /** Returns what is in the way at the first point that can be planned, but not converted. */
  static Optional<OctetException> unconverted(Plan plan) {
    ModeCheck check = new ModeCheck(plan);
    return check.first(check::notConverted).or(check::unconvertedFloat);
  }

  private Optional<OctetException> first(Check check) {
    boolean allStatic =
        plan.document().groups().stream().allMatch(group -> mode(group) == Mode.STATIC);
    if (allStatic) {
      return Optional.empty();
    }
    for (PlannedBoundary at : plan.boundary()) {
      Optional<OctetException> found = found(check, new Place(at.point(), Optional.empty()));
      if (found.isPresent()) {
        return found;
      }
    }
    for (PlannedNode node : plan.nodes()) {
      List<Point> points = new ArrayList<>();
      node.operands().forEach(p -> points.add(Point.operand(node.name(), p.index())));
      node.results().forEach(p -> points.add(Point.result(node.name(), p.index())));
      for (Point point : points) {
        Optional<OctetException> found = found(check, new Place(point, Optional.of(node)));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<OctetException> found(Check check, Place place) {
    return plan.group(place.point()).flatMap(group -> check.of(place, group));
  }

  /** A plan that was edited may ask for inputs and outputs that no backend could ask for. */
  private Optional<OctetException> boundaryWithoutForm() {
    GraphValues values = GraphValues.of(plan.prepared().model().graph());
    for (PlannedBoundary at : plan.boundary()) {
      Optional<String> why =
          plan.group(at.point())
              .flatMap(g -> BoundaryForm.refusal(values.value(at.point()).orElseThrow(), g.spec()));
      if (why.isPresent()) {
        return Optional.of(
            ConversionErrors.BOUNDARY_FORM
                .error(at.point() + " cannot be integers: " + why.get())
                .build());
      }
    }
    return Optional.empty();
  }

  private Optional<OctetException> unconvertedFloat() {
    return plan.narrowFloats().entrySet().stream()
        .filter(point -> point.getValue() != DataType.FLOAT16)
        .findFirst()
        .map(
            point ->
                ConversionErrors.NARROW_FLOAT
                    .error(
                        "the "
                            + point.getKey()
                            + " is to be "
                            + point.getValue()
                            + ", which can be planned, but not yet converted")
                    .build());
  }

  private static Mode mode(PlannedGroup group) {
    return group.spec().observed().map(QuantizationSpec.Observed::mode).orElse(Mode.STATIC);
  }

  private Optional<OctetException> weightOnlyButComputed(Place place, PlannedGroup group) {
    Optional<String> rule = place.node().flatMap(PlannedNode::rule);
    return mode(group) == Mode.WEIGHT_ONLY && !plan.isConstant(group.id())
        ? Optional.of(
            ConversionErrors.NOT_CONSTANT
                .error(
                    place.owner()
                        + rule.map(name -> " (rule " + name + ")").orElse("")
                        + " has a point of mode weight-only, but its value is no constant")
                .at(place.point().toString())
                .build())
        : Optional.empty();
  }

  private Optional<OctetException> notConverted(Place place, PlannedGroup group) {
    return switch (mode(group)) {
      case STATIC, WEIGHT_ONLY -> derivedFromDynamic(group).map(why -> dynamic(place, why));
      case DYNAMIC ->
          plan.isConstant(group.id())
              ? Optional.empty()
              : withoutForm(group).or(() -> notComputable(group)).map(why -> dynamic(place, why));
      case QUANTIZATION_AWARE -> Optional.of(trained(place));
    };
  }

  private Optional<String> derivedFromDynamic(PlannedGroup group) {
    return group.spec().sources().stream()
        .filter(source -> plan.group(source).filter(this::isComputed).isPresent())
        .findFirst()
        .map(source -> "is derived from the " + source + ", which is dynamic");
  }

  private boolean isComputed(PlannedGroup group) {
    return mode(group) == Mode.DYNAMIC && !plan.isConstant(group.id());
  }

  private Optional<String> withoutForm(PlannedGroup group) {
    return group
        .spec()
        .observed()
        .flatMap(spec -> DynamicPair.refusal(rows, values(group).get(0), spec.granularity()));
  }

  private Optional<String> notComputable(PlannedGroup group) {
    ObserverSpec minMax = plan.observers().canonical(ObserverSpec.minMax());
    Optional<ObserverSpec> other =
        group
            .spec()
            .observed()
            .map(spec -> plan.observers().canonical(spec.observer()))
            .filter(observer -> !observer.equals(minMax));
    List<String> names = values(group).stream().map(GraphValue::path).distinct().toList();
    if (other.isPresent()) {
      return Optional.of("is watched by '" + other.get().name() + "', not by min-max");
    }
    if (group.spec().observed().filter(ModeCheck::hasGrid).isPresent()) {
      return Optional.of("has scales on a grid");
    }
    Storage storage = group.spec().type().storage();
    if (storage.dataType().bits() > WIDEST) {
      return Optional.of("is " + storage.name().toLowerCase(Locale.ROOT));
    }
    return names.size() > 1
        ? Optional.of("shares its parameters with other values: " + String.join(", ", names))
        : Optional.empty();
  }

  private static boolean hasGrid(QuantizationSpec.Observed spec) {
    return !spec.scheme().grid().equals(ScaleGrid.any());
  }

  private List<GraphValue> values(PlannedGroup group) {
    return plan.valuesByGroup().getOrDefault(group.id(), List.of());
  }

  private static OctetException dynamic(Place place, String why) {
    return ConversionErrors.DYNAMIC_FORM
        .error(
            place.owner()
                + " has a point that "
                + why
                + ", and whose parameters are found while the model runs")
        .at(place.point().toString())
        .build();
  }

  private static OctetException trained(Place place) {
    return ConversionErrors.NOT_STATIC
        .error(
            place.owner()
                + " has a point whose parameters are found in training (mode quantization-aware),"
                + " which can be planned, but not yet calibrated or converted")
        .at(place.point().toString())
        .build();
  }
}
