package dev.octet.workflow.convert;

import dev.octet.api.observer.Range;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.kernels.quantize.ParameterRule;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.plan.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Finds groups whose ranges are so small that the least scale of their arithmetic leaves them less
 * than a quarter of their steps, and less than 64. A range of nothing but zero has no use for
 * steps.
 */
final class SmallRanges {

  private static final int NAMED = 5;
  private static final float LEAST_SHARE = 0.25f;
  private static final float LEAST_STEPS = 64;

  private SmallRanges() {}

  /**
   * Returns a warning that names the groups, with the range and the floor of each; empty when there
   * are none.
   *
   * @param parameters those that observers chose, by the number of the group
   */
  static Optional<Finding> of(
      Plan plan, Observers observers, SortedMap<Integer, GroupParameters> parameters) {
    List<String> small = new ArrayList<>();
    for (Map.Entry<Integer, GroupParameters> entry : parameters.entrySet()) {
      int id = entry.getKey();
      Optional<QuantizationSpec.Observed> spec =
          Optional.ofNullable(plan.groups().get(id)).flatMap(group -> group.spec().observed());
      spec.flatMap(s -> fact(observers.rule(s), entry.getValue().observed()))
          .ifPresent(fact -> small.add("'" + name(plan, id) + "' " + fact));
    }
    return small.isEmpty() ? Optional.empty() : Optional.of(finding(small));
  }

  private static String name(Plan plan, int id) {
    return plan.valuesByGroup().getOrDefault(id, List.of()).stream()
        .findFirst()
        .map(value -> value.name())
        .orElse("group " + id);
  }

  /** The widest of a group's ranges decides: one channel of many may well be small. */
  private static Optional<String> fact(ParameterRule rule, List<Range> ranges) {
    float floor = rule.scheme().profile().scaleFloor();
    float share =
        Math.min(LEAST_SHARE, LEAST_STEPS / (float) (rule.type().max() - rule.type().min()));
    return ranges.stream()
        .max(Comparator.comparing(range -> needed(rule, range)))
        .filter(range -> needed(rule, range) > 0 && needed(rule, range) < floor * share)
        .map(
            range ->
                "from "
                    + range.min()
                    + " to "
                    + range.max()
                    + " (the least scale is "
                    + floor
                    + ")");
  }

  private static float needed(ParameterRule rule, Range range) {
    return rule.rawScale(range.min(), range.max());
  }

  private static Finding finding(List<String> small) {
    int more = small.size() - NAMED;
    return ConversionErrors.BELOW_FLOOR.about(
        small.size()
            + (small.size() == 1 ? " group has" : " groups have")
            + " less than a quarter of their steps, for the least scale of the backend is above"
            + " what their ranges need: "
            + String.join("; ", small.subList(0, Math.min(NAMED, small.size())))
            + (more > 0 ? "; and " + more + " more" : "")
            + ".");
  }
}
