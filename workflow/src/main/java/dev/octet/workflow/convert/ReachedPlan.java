package dev.octet.workflow.convert;

import dev.octet.api.graph.Point;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.ObservedGroup;
import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.plan.Plan;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A plan without what no sample reached: a branch that was never taken, a body that never ran, a
 * tensor that was always empty. Nobody knows a range for it, so that the nodes that quantize it
 * stay float, and all others are quantized.
 */
final class ReachedPlan {

  private static final String DECIDER = "calibration";

  private ReachedPlan() {}

  /**
   * Returns a plan with the nodes in float that quantize a value which was never seen.
   *
   * @param calibration what was seen of the groups of the plan
   */
  static Plan of(Plan plan, Calibration calibration) {
    Set<String> unreached = new HashSet<>(calibration.unreached());
    if (unreached.isEmpty()) {
      return plan;
    }
    Plan reached =
        inFloat(
            plan,
            plan.observedGroups(),
            value -> unreached.contains(value.path()) ? why(value, calibration) : "");
    Collection<ObservedGroup> whole =
        calibration.lacking(reached.observedGroups(), reached.observers()).keySet();
    return whole.isEmpty()
        ? reached
        : inFloat(
            reached, whole, value -> "it shares its range with a value that no sample reaches");
  }

  private static String why(GraphValue value, Calibration calibration) {
    boolean inBody = !value.path().equals(value.name());
    return inBody && !calibration.runtime().isOctets()
        ? "'%s' is computed inside of a body, where nothing is seen on '%s'"
            .formatted(value.path(), calibration.runtime().name())
        : "no sample reaches '" + value.path() + "'";
  }

  /** Sets the nodes to float that quantize a value for which there is a reason. */
  private static Plan inFloat(
      Plan plan, Collection<ObservedGroup> groups, Function<GraphValue, String> reason) {
    Set<String> names = new HashSet<>();
    groups.forEach(group -> names.addAll(group.values()));
    SortedMap<String, String> reasons = new TreeMap<>();
    for (List<GraphValue> values : plan.valuesByGroup().values()) {
      for (GraphValue value : values) {
        String why = names.contains(value.path()) ? reason.apply(value) : "";
        if (!why.isEmpty()) {
          value.points().stream()
              .filter(point -> !point.isBoundary() && plan.group(point).isPresent())
              .map(Point::node)
              .forEach(node -> reasons.putIfAbsent(node, why));
        }
      }
    }
    return plan.inFloat(reasons, DECIDER);
  }
}
