package dev.octet.cli.conformance;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.cli.conformance.GoldenDecisions.TorchParameters;
import dev.octet.cli.conformance.GoldenDecisions.TorchSpec;
import dev.octet.cli.conformance.GoldenPoints.MarkedPoint;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedGroup;
import dev.octet.workflow.plan.PlannedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares the points of a plan with those of a golden file: type, range, scheme, granularity,
 * axis, smallest scale and mode of each, and which of them share.
 *
 * <p>A point counts as equal too when ours is marked at the definition of the value alone and
 * theirs at the operand, or the other way round, with the same spec.
 */
final class DecisionComparison {

  private final Plan plan;
  private final Graph graph;
  private final GoldenDecisions golden;
  private final GoldenPoints theirs;
  private final TreeMap<Point, MarkedPoint> expected = new TreeMap<>();
  private final TreeMap<Point, Integer> theirGroups = new TreeMap<>();
  private final TreeMap<Point, Integer> ourGroups = new TreeMap<>();
  private final TreeSet<Point> equal = new TreeSet<>();
  private final List<String> differences = new ArrayList<>();
  private final List<String> withoutTwin = new ArrayList<>();
  private int otherFloors;

  private DecisionComparison(Plan plan, GoldenDecisions golden) {
    this.plan = plan;
    this.golden = golden;
    this.graph = plan.prepared().model().graph();
    this.theirs = GoldenPoints.of(golden, graph);
    this.withoutTwin.addAll(theirs.withoutTwin());
  }

  static DecisionComparison of(Plan plan, GoldenDecisions golden) {
    DecisionComparison comparison = new DecisionComparison(plan, golden);
    comparison.compareSpecs();
    comparison.findUnexpected();
    comparison.compareGroups();
    return comparison;
  }

  /** Returns what a plan marks where nothing is expected. */
  static List<String> marks(Plan plan) {
    List<String> marks = new ArrayList<>();
    points(plan).forEach(p -> marks.add("quantized, not in theirs: " + words(plan, p)));
    return marks;
  }

  int compared() {
    return equal.size() + differences.size();
  }

  int equal() {
    return equal.size();
  }

  /** Returns the points that differ, in words. */
  List<String> differences() {
    return differences;
  }

  List<String> withoutTwin() {
    return withoutTwin;
  }

  /** Returns how many of the points that are equal are inputs and outputs of the graph. */
  int atTheBoundary() {
    return (int) equal.stream().filter(Point::isBoundary).count();
  }

  /** Returns how many points have an equal spec but for the smallest scale. */
  int otherFloors() {
    return otherFloors;
  }

  private void compareSpecs() {
    for (MarkedPoint mark : theirs.marked()) {
      MarkedPoint other = expected.putIfAbsent(mark.point(), mark);
      if (other != null && !other.equals(mark)) {
        differences.add("marked twice in theirs: " + words(plan, mark.point()));
      }
    }
    for (MarkedPoint mark : expected.values()) {
      Optional<PlannedGroup> ours = effective(mark.point());
      if (mark.group().isEmpty()) {
        if (plan.group(mark.point()).isEmpty()) {
          equal.add(mark.point());
        }
        continue;
      }
      int group = mark.group().getAsInt();
      if (ours.isEmpty()) {
        differences.add("float, quantized in theirs: " + words(plan, mark.point()));
        continue;
      }
      String wanted = words(golden.specs().get(group), mark.point());
      String found = words(ours.get().spec());
      if (!found.equals(wanted)) {
        differences.add(
            "spec: " + words(plan, mark.point()) + " is " + found + ", in theirs " + wanted);
        continue;
      }
      boolean observed = ours.get().spec() instanceof QuantizationSpec.Observed;
      if (observed && golden.hasOtherFloor(group)) {
        otherFloors++;
      }
      theirGroups.put(mark.point(), group);
      ourGroups.put(mark.point(), ours.get().id());
    }
  }

  /** Returns what quantizes a point: its own mark, or that of the value's definition. */
  private Optional<PlannedGroup> effective(Point point) {
    return plan.group(point).or(() -> definition(point).flatMap(plan::group));
  }

  private Optional<Point> definition(Point point) {
    return point.side() == Point.Side.OPERAND
        ? graph.definition(value(plan, point))
        : Optional.empty();
  }

  private void findUnexpected() {
    for (Point point : points(plan)) {
      OptionalInt group =
          expected.containsKey(point) ? expected.get(point).group() : OptionalInt.empty();
      if (group.isPresent()) {
        continue;
      }
      Optional<Integer> ours = plan.group(point).map(PlannedGroup::id);
      Optional<Integer> definition = definition(point).map(ourGroups::get);
      if (definition.isPresent() && definition.equals(ours)) {
        equal.add(point);
      } else if (!point.isBoundary() && theirs.hasNoTwin(node(plan, point), value(plan, point))) {
        withoutTwin.add("ours: " + words(plan, point));
      } else {
        differences.add("quantized, not in theirs: " + words(plan, point));
      }
    }
  }

  /** A point shares rightly when the compared points of its group are those of theirs. */
  private void compareGroups() {
    Map<Integer, Set<Point>> ours = members(ourGroups);
    Map<Integer, Set<Point>> wanted = members(theirGroups);
    for (Point point : theirGroups.keySet()) {
      Set<Point> found = ours.get(ourGroups.get(point));
      Set<Point> right = wanted.get(theirGroups.get(point));
      if (found.equals(right)) {
        equal.add(point);
      } else {
        differences.add(
            "group: " + words(plan, point) + " shares with " + found + ", in theirs " + right);
      }
    }
  }

  private static Map<Integer, Set<Point>> members(Map<Point, Integer> groups) {
    Map<Integer, Set<Point>> members = new TreeMap<>();
    groups.forEach((p, g) -> members.computeIfAbsent(g, i -> new TreeSet<>()).add(p));
    return members;
  }

  private static Set<Point> points(Plan plan) {
    Set<Point> points = new TreeSet<>();
    for (PlannedNode node : plan.nodes()) {
      node.operands().stream()
          .filter(p -> p.group().isPresent())
          .forEach(p -> points.add(Point.operand(node.name(), p.index())));
      node.results().stream()
          .filter(p -> p.group().isPresent())
          .forEach(p -> points.add(Point.result(node.name(), p.index())));
    }
    plan.boundary().stream()
        .filter(at -> at.group().isPresent())
        .forEach(at -> points.add(at.point()));
    return points;
  }

  private static Node node(Plan plan, Point point) {
    return plan.prepared().model().graph().node(point.node()).orElseThrow();
  }

  private static String value(Plan plan, Point point) {
    Node node = node(plan, point);
    return (point.side() == Point.Side.OPERAND ? node.operands() : node.results())
        .get(point.index());
  }

  private static String words(Plan plan, Point point) {
    if (point.isBoundary()) {
      return point.toString();
    }
    return node(plan, point).op() + " " + point + " ('" + value(plan, point) + "')";
  }

  private String words(TorchSpec spec, Point point) {
    Mode mode =
        golden.trained() ? Mode.QUANTIZATION_AWARE : spec.dynamic() ? Mode.DYNAMIC : Mode.STATIC;
    if (spec.observer().equals(TorchSpec.DERIVED)) {
      return derived(spec.type(), spec.min(), spec.max(), theirs.edges(spec.sources()));
    }
    if (spec.fixed().isPresent()) {
      TorchParameters fixed = spec.fixed().get();
      return fixed(spec.type(), spec.min(), spec.max(), fixed.scale(), fixed.zeroPoint());
    }
    String scales = "tensor";
    if (spec.scheme().startsWith("per_channel")) {
      int axis = spec.axis().orElseThrow();
      scales = "channel " + (holdsItsWeightTransposed(point) ? 1 - axis : axis);
    }
    return words(
        spec.type(),
        spec.min(),
        spec.max(),
        spec.scheme().endsWith("symmetric"),
        scales,
        golden.floor(spec),
        mode);
  }

  /** A weight of PyTorch is [N, K]; that of MatMul, and of Gemm without transB, is [K, N]. */
  private boolean holdsItsWeightTransposed(Point point) {
    return !point.isBoundary() && holdsItsWeightTransposed(graph.node(point.node()).orElseThrow());
  }

  static boolean holdsItsWeightTransposed(Node node) {
    return node.op().is("MatMul") || node.op().is("Gemm") && node.intAttribute("transB", 0) == 0;
  }

  private static String words(QuantizationSpec spec) {
    if (spec instanceof QuantizationSpec.Derived derived) {
      QuantizedType type = derived.type();
      return derived(name(type), type.min(), type.max(), derived.sources());
    }
    if (spec instanceof QuantizationSpec.Fixed fixed) {
      QuantizedType type = fixed.type();
      return fixed(
          name(type),
          type.min(),
          type.max(),
          fixed.parameters().scale(0),
          fixed.parameters().zeroPoint(0));
    }
    if (!(spec instanceof QuantizationSpec.Observed observed)) {
      return spec.toString();
    }
    String scales =
        observed.granularity() instanceof Granularity.PerTensor
            ? "tensor"
            : observed.granularity() instanceof Granularity.PerChannel channel
                ? "channel " + channel.axis()
                : observed.granularity().toString();
    return words(
        name(observed.type()),
        observed.type().min(),
        observed.type().max(),
        observed.scheme().symmetry() == Scheme.Symmetry.SYMMETRIC,
        scales,
        observed.scheme().profile().scaleFloor(),
        observed.mode());
  }

  private static String name(QuantizedType type) {
    return type.storage().name().toLowerCase(Locale.ROOT);
  }

  private static String derived(String type, long min, long max, List<Point> sources) {
    return "%s %d..%d derived from %s".formatted(type, min, max, sources);
  }

  private static String fixed(String type, long min, long max, float scale, long zeroPoint) {
    return "%s %d..%d fixed %s %d".formatted(type, min, max, scale, zeroPoint);
  }

  private static String words(
      String type, long min, long max, boolean symmetric, String scales, float floor, Mode mode) {
    return "%s %d..%d %s per %s, at least %s, %s"
        .formatted(
            type,
            min,
            max,
            symmetric ? "symmetric" : "affine",
            scales,
            Float.toHexString(floor),
            mode.name().toLowerCase(Locale.ROOT));
  }
}
