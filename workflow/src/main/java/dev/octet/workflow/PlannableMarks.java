package dev.octet.workflow;

import dev.octet.annotation.ResolvedGraph;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.GraphValues.Value;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizationSpec.Observed;
import dev.octet.api.spec.Storage;
import dev.octet.workflow.convert.BoundaryForm;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Refuses, when a plan is made, the marks that no mode could ever convert. */
final class PlannableMarks {

  private static final Set<DataType> REAL =
      EnumSet.of(DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16, DataType.DOUBLE);

  private final AnnotatedGraph annotated;
  private final GraphValues values;

  private PlannableMarks(AnnotatedGraph annotated) {
    this.annotated = annotated;
    this.values = GraphValues.of(annotated.graph());
  }

  /**
   * Checks every point with the spec of its group.
   *
   * @throws OctetException {@code OCT-PLAN-027} for the first in the order of the groups
   */
  static void require(ResolvedGraph resolved) {
    PlannableMarks marks = new PlannableMarks(resolved.annotated());
    for (ObserverPlan.Group group : resolved.groups()) {
      for (Point point : group.points()) {
        marks
            .obstacle(point, group.spec())
            .ifPresent(
                why -> {
                  throw marks.refused(point, why);
                });
      }
    }
    marks.requireNarrowFloats();
  }

  private void requireNarrowFloats() {
    annotated.boundary().values().forEach(at -> requireNarrow(at.point(), at.spec()));
    for (NodeAnnotation node : annotated.nodes().values()) {
      node.operands().forEach((i, spec) -> requireNarrow(Point.operand(node.node(), i), spec));
      node.results().forEach((i, spec) -> requireNarrow(Point.result(node.node(), i), spec));
    }
  }

  private void requireNarrow(Point point, QuantizationSpec spec) {
    if (spec.narrowFloat().isPresent()) {
      Optional<DataType> other =
          values
              .value(point)
              .flatMap(Value::tensorType)
              .map(TensorType::dataType)
              .filter(type -> type != DataType.FLOAT);
      if (point.isBoundary()) {
        throw refused(point, "inputs and outputs become integers or stay float");
      }
      other.ifPresent(
          type -> {
            throw refused(point, "it is " + type + ", and only FLOAT becomes a narrower float");
          });
    }
  }

  private Optional<String> obstacle(Point point, QuantizationSpec.Concrete spec) {
    Optional<Value> value = values.value(point);
    Optional<TensorType> type = value.flatMap(Value::tensorType);
    if (type.isPresent() && !REAL.contains(type.get().dataType())) {
      return Optional.of(
          "it is " + type.get().dataType() + ", and only float values are quantized");
    }
    Optional<String> ofBoundary =
        value.filter(v -> point.isBoundary()).flatMap(v -> BoundaryForm.refusal(v, spec));
    if (ofBoundary.isPresent()) {
      return ofBoundary;
    }
    boolean constant = value.flatMap(Value::constant).isPresent();
    return spec.observed().flatMap(observed -> obstacle(constant, type, observed));
  }

  private static Optional<String> obstacle(
      boolean constant, Optional<TensorType> type, Observed spec) {
    if (!constant && spec.mode() == Mode.WEIGHT_ONLY) {
      return Optional.of("it is not constant, and mode weight-only is for constants");
    }
    if (!constant && spec.type().storage() == Storage.INT32) {
      return Optional.of("it is computed, and only constants are stored as int32");
    }
    return spec.granularity()
        .match(
            new Granularity.Cases<>(
                whole -> Optional.empty(),
                channel -> axis(channel.axis(), type),
                runs -> axis(runs.axis(), type),
                block -> Optional.of("blocks (" + block.sizes() + ") have no stored form"),
                token -> token(spec.mode())));
  }

  private static Optional<String> axis(int axis, Optional<TensorType> type) {
    return type.flatMap(TensorType::shape)
        .filter(shape -> axis >= shape.rank())
        .map(shape -> "it has rank " + shape.rank() + " and no axis " + axis);
  }

  private static Optional<String> token(Mode mode) {
    return mode == Mode.STATIC || mode == Mode.WEIGHT_ONLY
        ? Optional.of("parameters per token are found while the model runs, in mode dynamic")
        : Optional.empty();
  }

  private OctetException refused(Point point, String why) {
    String rule =
        point.isBoundary()
            ? "the backend "
            : Optional.ofNullable(annotated.nodes().get(point.node()))
                .flatMap(NodeAnnotation::rule)
                .map(name -> "rule '" + name + "' ")
                .orElse("");
    return WorkflowErrors.UNPLANNABLE_MARK
        .error(rule + "marks a point that cannot be quantized so: " + why)
        .at(point.toString())
        .build();
  }
}
