package dev.octet.workflow.convert;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.GroupStatistics;
import dev.octet.workflow.calibrate.LogitPaths;
import dev.octet.workflow.calibrate.LogitStatistics;
import dev.octet.workflow.calibrate.ObservedGroup;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Ends the ranges of logits where a Softmax cannot tell them from nothing.
 *
 * <p>What a Softmax reads ends at {@link LogitStatistics#kept}. From there it goes against the flow
 * of the values: where a sum {@code a + b} is quantized for nothing below {@code B}, and {@code a}
 * for nothing above {@code A}, every {@code b} below {@code B - A} saturates the sum, so that
 * {@code b} is cut there without a change of any sum; a product with {@code c > 0} is cut at {@code
 * B / c}, and what moves or chooses elements where its result is. A difference is a sum. A mask of
 * minus infinity, or of the lowest float, so becomes the lowest integer of a range that the logits
 * beside it ask for. Groups that anything else reads stay as they are.
 */
final class LogitRanges {

  /** Both operands of a sum are rounded, by half a step of 255 of their ranges each. */
  private static final double ROOM = 1 + 1.0 / 128;

  /** A group that has less than this part of its steps for what a Softmax can tell is named. */
  private static final double FEW = 0.25;

  /** Stands for a group of which nothing was seen. */
  private static final int NO_GROUP = -1;

  private final Plan plan;
  private final Observers observers;
  private final SortedMap<Integer, GroupParameters> found;
  private final Map<Integer, GroupStatistics> seen = new HashMap<>();
  private final LogitPaths paths;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * Prepares the cut.
   *
   * @param found the parameters of all groups that are not derived
   * @param calibration what was seen of the plan's groups
   */
  LogitRanges(
      Plan plan,
      Observers observers,
      LogitPaths paths,
      SortedMap<Integer, GroupParameters> found,
      Calibration calibration) {
    this.plan = plan;
    this.observers = observers;
    this.paths = paths;
    this.found = found;
    Map<ObservedGroup, GroupStatistics> groups = new HashMap<>();
    calibration.groups().forEach(group -> groups.put(group.group(), group));
    plan.observedByNumber()
        .forEach(
            (id, group) -> Optional.ofNullable(groups.get(group)).ifPresent(s -> seen.put(id, s)));
  }

  /** Returns a constant in which minus infinity, where it is a mask, is the lowest float. */
  static GraphValue finite(GraphValue value, LogitPaths paths) {
    if (paths.path(value.path()).isEmpty() || value.constant().isEmpty()) {
      return value;
    }
    Tensor constant = value.constant().get();
    float[] elements = constant.floats().clone();
    for (int i = 0; i < elements.length; i++) {
      elements[i] = elements[i] == Float.NEGATIVE_INFINITY ? -Float.MAX_VALUE : elements[i];
    }
    return value.withConstant(Tensor.of(elements, constant.sizes()));
  }

  /**
   * Cuts, where the backend wants it; else names what masks cost. Returns what a user must know.
   */
  List<Finding> apply() {
    List<Logits> all = new ArrayList<>();
    plan.valuesByGroup()
        .forEach(
            (id, group) -> {
              PlannedGroup planned = plan.groups().get(id);
              boolean logits = group.stream().allMatch(v -> paths.path(v.path()).isPresent());
              if (logits && planned != null && found.containsKey(id)) {
                all.add(new Logits(planned, group));
              }
            });
    // What a sum ends at is known before its operands.
    all.sort(Comparator.comparing(logits -> -value(logits.first()).number()));
    for (Logits logits : all) {
      if (plan.backend().cutsLogits()) {
        cut(logits);
      } else {
        name(logits);
      }
    }
    return findings;
  }

  /** A group whose values are logits, all of them. */
  private record Logits(PlannedGroup group, List<GraphValue> values) {
    int id() {
      return group.id();
    }

    GraphValue first() {
      return values.get(0);
    }
  }

  private GraphValues.Value value(GraphValue member) {
    return paths.value(member.path()).orElseThrow();
  }

  private void cut(Logits logits) {
    int id = logits.id();
    double end = Double.POSITIVE_INFINITY;
    for (GraphValue member : logits.values()) {
      end = Math.min(end, end(id, value(member)));
    }
    GroupParameters present = found(id);
    Optional<QuantizationSpec.Observed> spec = logits.group().spec().observed();
    if (Double.isInfinite(end) || spec.isEmpty() || present.observed().size() != 1) {
      return;
    }
    double scale = present.parameters().scale(0);
    boolean masked = logits(id).filter(seen -> seen.masked() > 0).isPresent();
    if (bottom(present) < end - scale || (masked && bottom(present) > end)) {
      float max = Math.max(present.observed().get(0).max(), (float) end);
      QuantizationParameters cut = observers.rule(spec.get()).choose((float) end, max);
      found.put(id, present.withParameters(cut));
      findings.add(cut(logits.first(), present, cut));
    }
  }

  /** Returns where the elements of a value have no part in any Softmax; infinite if nowhere. */
  private double end(int id, GraphValues.Value value) {
    double end = Double.POSITIVE_INFINITY;
    for (GraphValues.Use use : LogitPaths.reads(value)) {
      end = Math.min(end, end(id, use));
    }
    return end;
  }

  private double end(int id, GraphValues.Use use) {
    if (paths.compares(use)) {
      return kept(id, use);
    }
    double end = Double.POSITIVE_INFINITY;
    for (GraphValues.Value result : LogitPaths.results(use)) {
      end = Math.min(end, end(id, use, result));
    }
    return end;
  }

  private double end(int id, GraphValues.Use use, GraphValues.Value value) {
    Node reader = use.reader().node();
    Optional<PlannedGroup> result = value.definition().flatMap(plan::group);
    boolean sums = reader.op().is("Add") || reader.op().is("Sub");
    boolean moves = !sums && LogitPaths.factor(use).isEmpty();
    if (result.isEmpty() && moves) {
      return end(id, value);
    }
    if (result.filter(group -> group.id() == id).isPresent()) {
      return moves ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }
    // What becomes of a float sum is no element of this group any more.
    double bottom = result.isEmpty() ? end(NO_GROUP, value) : bottom(result.get().id());
    return sums
        ? ROOM * (bottom - added(reader, 1 - use.operand()))
        : bottom / LogitPaths.factor(use).orElse(1f);
  }

  /** Returns the largest number that an operand adds to a sum or to a difference. */
  private double added(Node sum, int operand) {
    Point point = Point.operand(sum.name(), operand);
    return sum.op().is("Add")
        ? top(point)
        : -plan.group(point).map(group -> bottom(group.id())).orElse(Double.NEGATIVE_INFINITY);
  }

  /** Of a value that a Softmax reads in another group, what that group ends at. */
  private double kept(int id, GraphValues.Use use) {
    Optional<PlannedGroup> group = plan.group(use.point());
    if (group.isPresent() && group.get().id() != id) {
      return bottom(group.get().id());
    }
    return logits(id)
        .filter(LogitStatistics::rows)
        .map(seen -> (double) seen.kept())
        .filter(Double::isFinite)
        .orElse(Double.NEGATIVE_INFINITY);
  }

  private double bottom(int id) {
    GroupParameters group = found.get(id);
    return group == null ? Double.NEGATIVE_INFINITY : bottom(group);
  }

  private double bottom(GroupParameters group) {
    QuantizationParameters parameters = group.parameters();
    return parameters.count() == 1
        ? (group.stored().min() - (double) parameters.realZeroPoint(0)) * parameters.scale(0)
        : Double.NEGATIVE_INFINITY;
  }

  /** Returns the largest number that a point's integers mean. */
  private double top(Point point) {
    return plan.group(point)
        .map(group -> found.get(group.id()))
        .filter(group -> group.parameters().count() == 1)
        .map(LogitRanges::top)
        .orElse(Double.POSITIVE_INFINITY);
  }

  private static double top(GroupParameters group) {
    QuantizationParameters parameters = group.parameters();
    return (group.stored().max() - (double) parameters.realZeroPoint(0)) * parameters.scale(0);
  }

  private GroupParameters found(int id) {
    return Objects.requireNonNull(found.get(id), "the parameters of logits");
  }

  private Optional<LogitStatistics> logits(int id) {
    return Optional.ofNullable(seen.get(id)).flatMap(GroupStatistics::logits);
  }

  private Finding cut(GraphValue first, GroupParameters before, QuantizationParameters after) {
    return ConversionErrors.LOGITS_CUT.aboutPoint(
        first.points().get(0),
        "The range of '"
            + first.name()
            + "' ends at "
            + words(bottom(before.withParameters(after)))
            + ", not at "
            + words(bottom(before))
            + ": what lies lower has no weight in the Softmax behind it.");
  }

  /** Four digits are enough to recognise a number. */
  private static String words(double number) {
    return String.format(Locale.ROOT, "%.4g", number);
  }

  /** Names the node whose range a mask takes, where nothing is cut. */
  private void name(Logits unchanged) {
    int id = unchanged.id();
    GraphValue first = unchanged.first();
    GroupParameters group = found(id);
    Optional<LogitStatistics> rows =
        logits(id).filter(seen -> seen.rows() && Float.isFinite(seen.kept()));
    if (rows.isEmpty() || group.parameters().count() != 1) {
      return;
    }
    double kept = rows.get().kept();
    double scale = group.parameters().scale(0);
    long steps = Math.round((top(group) - kept) / scale);
    if (bottom(group) < kept && steps < FEW * (group.stored().max() - group.stored().min())) {
      findings.add(warning(first, taken(group, kept, steps)));
    } else if (rows.get().masked() > 0 && bottom(group) > kept + scale) {
      findings.add(
          warning(
              first,
              "ends at "
                  + words(bottom(group))
                  + ", to which minus infinity saturates: masked elements get weight"));
    }
  }

  private String taken(GroupParameters group, double kept, long steps) {
    return "reaches from "
        + words(bottom(group))
        + " to "
        + words(top(group))
        + ", of which its Softmax can tell nothing below "
        + words(kept)
        + " from a mask: "
        + steps
        + " steps are left for the logits";
  }

  private static Finding warning(GraphValue first, String what) {
    return ConversionErrors.MASKED_LOGITS.aboutPoint(
        first.points().get(0), "The range of '" + first.name() + "' " + what + ".");
  }
}
