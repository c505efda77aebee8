package dev.octet.testkit;

import dev.octet.api.graph.Point;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.Scheme;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedBoundary;
import dev.octet.workflow.plan.PlannedGroup;
import dev.octet.workflow.plan.PlannedNode;
import dev.octet.workflow.plan.PlannedPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Plans in words: those that {@link PointAssert#is} compares, and whole plans as lines.
 *
 * <p>The words of a quantized point, in this order:
 *
 * <ul>
 *   <li>the type: {@code int8}, or with a narrower range {@code int8[-127..127]};
 *   <li>of observed scales: {@code affine} or {@code symmetric}; {@code per-tensor}, {@code
 *       per-channel-0}, {@code per-group-1-32}, {@code per-block-1x32} or {@code per-token}; the
 *       observer; the grid of scales where there is one; {@code two-levels}; {@code
 *       real-zero-points}; the mode unless it is static;
 *   <li>of scales known beforehand: {@code fixed}, the scale, the zero point; where they run along
 *       an axis, that;
 *   <li>of scales that follow from others: {@code derived from} the points.
 * </ul>
 *
 * <p>A point that shares the parameters of another has the words of that one.
 */
public final class PlanWords {

  private PlanWords() {}

  /**
   * Returns a plan as lines: of each input and output that is decided, of each node, of each of its
   * quantized operands and results, and of each group of several points.
   */
  public static List<String> of(Plan plan) {
    List<String> lines = new ArrayList<>();
    for (PlannedBoundary at : plan.boundary()) {
      lines.add(of(at.point()) + ": " + of(plan, at.group(), at.spec()));
    }
    for (PlannedNode node : plan.nodes()) {
      lines.add(node.name() + ": " + decision(node));
      lines.add(node.name() + ": decided by " + node.decidedBy());
      for (Point point : points(node)) {
        lines.add(of(point) + ": " + of(plan, point).orElseThrow());
      }
    }
    groups(plan).values().stream()
        .filter(points -> points.size() > 1)
        .forEach(points -> lines.add("one group: " + join(points)));
    return lines;
  }

  /** Returns the points of each group in the order of the plan, by number. */
  static Map<Integer, List<Point>> groups(Plan plan) {
    Map<Integer, List<Point>> groups = new TreeMap<>();
    Stream.concat(
            plan.boundary().stream().map(PlannedBoundary::point),
            plan.nodes().stream().flatMap(node -> points(node).stream()))
        .forEach(
            point ->
                plan.group(point)
                    .ifPresent(
                        group ->
                            groups.computeIfAbsent(group.id(), g -> new ArrayList<>()).add(point)));
    return groups;
  }

  /** Returns what is decided of a node: its rule, or why it stays float. */
  static String decision(PlannedNode node) {
    return node.folded()
        .map(words -> "gone, " + words)
        .or(() -> node.rule().map(rule -> "rule " + rule))
        .orElseGet(() -> "float, " + node.reason().orElse(""));
  }

  /** Returns the points of a node of which the plan says something. */
  static List<Point> points(PlannedNode node) {
    return Stream.concat(
            node.operands().stream().map(at -> Point.operand(node.name(), at.index())),
            node.results().stream().map(at -> Point.result(node.name(), at.index())))
        .toList();
  }

  /** Returns what the plan says of a point, in words; empty where it says nothing. */
  static Optional<String> of(Plan plan, Point point) {
    return spec(plan, point).map(own -> of(plan, plan.group(point).map(PlannedGroup::id), own));
  }

  /** Returns the spec that the plan has for a point. */
  static Optional<QuantizationSpec> spec(Plan plan, Point point) {
    if (point.isBoundary()) {
      return plan.boundary().stream()
          .filter(at -> at.point().equals(point))
          .map(PlannedBoundary::spec)
          .findFirst();
    }
    return plan.nodes().stream()
        .filter(node -> node.name().equals(point.node()))
        .flatMap(
            node ->
                (point.side() == Point.Side.OPERAND ? node.operands() : node.results()).stream())
        .filter(at -> at.index() == point.index())
        .map(PlannedPoint::spec)
        .findFirst();
  }

  private static String of(Plan plan, Optional<Integer> group, QuantizationSpec own) {
    return of(
        group
            .flatMap(id -> Optional.ofNullable(plan.groups().get(id)))
            .<QuantizationSpec>map(PlannedGroup::spec)
            .orElse(own));
  }

  private static String of(QuantizationSpec spec) {
    return spec.match(
        new QuantizationSpec.Cases<>(
            PlanWords::observed,
            PlanWords::fixed,
            shared -> "shared with " + of(shared.with()),
            PlanWords::derived,
            kept -> "float, " + kept.reason(),
            narrow -> narrow.type().name().toLowerCase(Locale.ROOT)));
  }

  private static String observed(QuantizationSpec.Observed spec) {
    Scheme scheme = spec.scheme();
    List<String> words = new ArrayList<>();
    words.add(spec.type().toString());
    words.add(scheme.symmetry().name().toLowerCase(Locale.ROOT));
    words.add(granularity(spec.granularity()));
    words.add(observer(spec.observer()));
    if (!scheme.grid().isAny()) {
      words.add(scheme.grid().toString());
    }
    if (scheme.levels().isPresent()) {
      words.add("two-levels");
    }
    if (scheme.zeroPoints() == Scheme.ZeroPoints.REAL) {
      words.add("real-zero-points");
    }
    if (spec.mode() != Mode.STATIC) {
      words.add(spec.mode().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    return String.join(" ", words);
  }

  private static String fixed(QuantizationSpec.Fixed spec) {
    QuantizationParameters parameters = spec.parameters();
    String scales =
        each(parameters, parameters::scale) + " " + each(parameters, parameters::shownZeroPoint);
    String axis = granularity(spec.granularity());
    return spec.type() + " fixed " + scales + (axis.equals("per-tensor") ? "" : " " + axis);
  }

  private static String each(QuantizationParameters parameters, IntFunction<Number> number) {
    return IntStream.range(0, parameters.count())
        .mapToObj(i -> number.apply(i).toString())
        .collect(Collectors.joining(","));
  }

  private static String derived(QuantizationSpec.Derived spec) {
    String by = spec.rule().equals(Derivation.productOfScales()) ? "" : " by " + spec.rule();
    return spec.type() + " derived from " + join(spec.sources()) + by;
  }

  private static String granularity(Granularity granularity) {
    return granularity.match(
        new Granularity.Cases<>(
            whole -> "per-tensor",
            channel -> "per-channel-" + channel.axis(),
            runs -> "per-group-" + runs.axis() + "-" + runs.size(),
            block ->
                "per-block-"
                    + block.sizes().stream().map(String::valueOf).collect(Collectors.joining("x")),
            token -> "per-token"));
  }

  private static String observer(ObserverSpec observer) {
    String parameters =
        observer.parameters().entrySet().stream()
            .map(p -> p.getKey() + "=" + p.getValue())
            .collect(Collectors.joining(","));
    return observer.name() + (parameters.isEmpty() ? "" : "{" + parameters + "}");
  }

  /** Returns points as a plan's lines name them, such as {@code conv1 operand 0}. */
  static String join(List<Point> points) {
    return points.stream().map(PlanWords::of).collect(Collectors.joining(", "));
  }

  private static String of(Point point) {
    return point.isBoundary()
        ? point.toString()
        : point.node() + " " + point.side().name().toLowerCase(Locale.ROOT) + " " + point.index();
  }
}
