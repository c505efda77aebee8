package dev.octet.workflow;

import dev.octet.annotation.resolve.ResolvedGraph;
import dev.octet.annotation.resolve.ResolvedGraph.GroupedPoint;
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
import dev.octet.api.spec.QuantizationSpec.Derived;
import dev.octet.api.spec.QuantizationSpec.Fixed;
import dev.octet.api.spec.QuantizationSpec.Observed;
import dev.octet.api.spec.ScaleLevels;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.workflow.convert.BoundaryForm;
import dev.octet.workflow.convert.FloatForm;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Refuses, when a plan is made, the marks that no mode could ever convert. */
final class PlannableMarks {

  private static final Set<DataType> REAL =
      EnumSet.of(DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16, DataType.DOUBLE);

  private static final String FRACTIONS =
      "it is computed, and zero points that are fractions are for constants";

  private final AnnotatedGraph annotated;
  private final GraphValues values;
  private final Set<Point> leveled = new HashSet<>();

  private PlannableMarks(ResolvedGraph resolved) {
    this.annotated = resolved.annotated();
    this.values = GraphValues.of(annotated.graph());
    for (ObserverPlan.Group group : resolved.groups()) {
      if (group.spec().observed().flatMap(spec -> spec.scheme().levels()).isPresent()) {
        leveled.addAll(group.points());
      }
    }
  }

  /** A point that cannot be quantized so, with the reason. */
  private record Refused(GroupedPoint at, String why) {

    private static final Comparator<Refused> ORDER_OF_GROUPS =
        Comparator.comparing((Refused refused) -> refused.at.group().id())
            .thenComparing(refused -> refused.at.point());
  }

  /**
   * Checks every point with the spec of its group.
   *
   * @throws OctetException {@code OCT-PLAN-027} for the first in the order of the groups
   */
  static void require(ResolvedGraph resolved) {
    PlannableMarks marks = new PlannableMarks(resolved);
    resolved
        .points()
        .flatMap(at -> marks.obstacle(at).map(why -> new Refused(at, why)).stream())
        .min(Refused.ORDER_OF_GROUPS)
        .ifPresent(
            refused -> {
              throw marks.refused(refused.at.point(), refused.why);
            });
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

  private Optional<String> obstacle(GroupedPoint at) {
    QuantizationSpec.Concrete spec = at.group().spec();
    Optional<TensorType> type = at.value().tensorType();
    if (type.isPresent() && !REAL.contains(type.get().dataType())) {
      return Optional.of(
          "it is " + type.get().dataType() + ", and only float values are quantized");
    }
    Optional<String> ofBoundary =
        at.point().isBoundary() ? BoundaryForm.refusal(at.value(), spec) : Optional.empty();
    if (ofBoundary.isPresent()) {
      return ofBoundary;
    }
    boolean constant = at.value().constant().isPresent();
    return spec.match(
        new QuantizationSpec.ConcreteCases<>(
            observed -> obstacle(constant, type, observed),
            fixed -> obstacle(constant, type, fixed),
            this::obstacle));
  }

  private Optional<String> obstacle(Derived spec) {
    return spec.sources().stream()
        .filter(leveled::contains)
        .findFirst()
        .map(source -> "it is derived from the " + source + ", whose scales have two levels");
  }

  private static Optional<String> obstacle(
      boolean constant, Optional<TensorType> type, Fixed spec) {
    if (!constant && spec.parameters().isFractional()) {
      return Optional.of(FRACTIONS);
    }
    return spec.granularity()
        .match(
            new Granularity.Cases<Optional<String>>(
                whole -> Optional.empty(),
                channel ->
                    axis(channel.axis(), type)
                        .or(() -> count(channel.axis(), type, spec.parameters().count())),
                runs -> Optional.empty(),
                block -> Optional.empty(),
                token -> Optional.empty()));
  }

  private static Optional<String> count(int axis, Optional<TensorType> type, int count) {
    return type.flatMap(TensorType::shape)
        .map(shape -> shape.dimensions().get(axis))
        .filter(size -> size.isKnown() && size.known().orElseThrow() != count)
        .map(size -> "it has size " + size + " along axis " + axis + ", and " + count + " scales");
  }

  private static Optional<String> obstacle(
      boolean constant, Optional<TensorType> type, Observed spec) {
    Optional<String> computed = constant ? Optional.empty() : ofComputed(spec);
    if (computed.isPresent()) {
      return computed;
    }
    Optional<String> granularity =
        spec.granularity()
            .match(
                new Granularity.Cases<Optional<String>>(
                    whole -> levels(spec, false),
                    channel -> axis(channel.axis(), type).or(() -> levels(spec, true)),
                    runs -> axis(runs.axis(), type),
                    block -> rank(block, type).or(() -> levels(spec, true)),
                    token -> token(spec.mode()).or(() -> levels(spec, false))));
    return granularity.isEmpty() && constant && FloatForm.isNeeded(spec)
        ? FloatForm.refusal(spec.granularity(), sizes(type))
        : granularity;
  }

  private static Optional<String> ofComputed(Observed spec) {
    if (spec.mode() == Mode.WEIGHT_ONLY) {
      return Optional.of("it is not constant, and mode weight-only is for constants");
    }
    if (spec.type().storage() == Storage.INT32) {
      return Optional.of("it is computed, and only constants are stored as int32");
    }
    if (spec.scheme().zeroPoints() == Scheme.ZeroPoints.REAL) {
      return Optional.of(FRACTIONS);
    }
    if (spec.scheme().levels().isPresent()) {
      return Optional.of("it is computed, and scales of two levels are for constants");
    }
    return spec.granularity()
        .match(
            new Granularity.Cases<Optional<String>>(
                whole -> Optional.empty(),
                channel -> Optional.empty(),
                runs -> Optional.empty(),
                block -> Optional.of("it is computed, and blocks are for constants"),
                token -> Optional.empty()));
  }

  private static List<Long> sizes(Optional<TensorType> type) {
    long[] sizes = type.flatMap(TensorType::shape).orElseThrow().sizes();
    return Arrays.stream(sizes).boxed().toList();
  }

  private static Optional<String> rank(Granularity.PerBlock block, Optional<TensorType> type) {
    return type.flatMap(TensorType::shape)
        .filter(shape -> shape.rank() != block.sizes().size())
        .map(shape -> "it has rank " + shape.rank() + ", and blocks have " + block.sizes());
  }

  /** Two levels need parts; over a row, groups along an axis, which need not ask here. */
  private static Optional<String> levels(Observed spec, boolean parts) {
    Optional<ScaleLevels.Over> over = spec.scheme().levels().map(ScaleLevels::over);
    return over.isEmpty() || (over.get() == ScaleLevels.Over.TENSOR && parts)
        ? Optional.empty()
        : Optional.of(
            "scales of two levels over a "
                + over.get().name().toLowerCase(Locale.ROOT)
                + " are for "
                + (parts ? "groups along an axis" : "parts of a tensor")
                + ", not "
                + spec.granularity());
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
