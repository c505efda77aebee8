package dev.octet.workflow.convert;

import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Range;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.ChosenRange;
import dev.octet.workflow.calibrate.GroupStatistics;
import dev.octet.workflow.calibrate.LogitPaths;
import dev.octet.workflow.calibrate.ObservedGroup;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedGroup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds the parameters of every group of a plan that are not derived from others. */
final class ParameterSearch {

  private final Plan plan;
  private final LogitPaths paths;
  private final Cancellation cancellation;
  private final SortedMap<Integer, ObservedGroup> calibrated;
  private final Map<ObservedGroup, List<ChosenRange>> chosen = new HashMap<>();
  private final Map<ObservedGroup, List<Range>> observed = new HashMap<>();
  private final ConstantRanges constants;
  private final SortedMap<Integer, List<GraphValue>> values;

  /**
   * Prepares a search.
   *
   * @param observers the observers that the plan's specs name
   * @param calibration what was seen of the plan's groups
   * @param paths which values are logits, whose constants may be minus infinity where they are cut
   * @param cancellation asked between groups
   * @throws dev.octet.api.error.OctetException as {@link Calibration#choices}
   */
  ParameterSearch(
      Plan plan,
      Observers observers,
      Calibration calibration,
      LogitPaths paths,
      Cancellation cancellation) {
    this.plan = plan;
    this.paths = paths;
    this.cancellation = cancellation;
    this.calibrated = plan.observedByNumber();
    this.constants = new ConstantRanges(observers);
    this.values = plan.valuesByGroup();
    List<List<ChosenRange>> choices = calibration.choices(observers);
    for (int i = 0; i < choices.size(); i++) {
      GroupStatistics group = calibration.groups().get(i);
      chosen.put(group.group(), choices.get(i));
      observed.put(
          group.group(), group.channels().stream().map(ParameterSearch::extremes).toList());
    }
  }

  /**
   * Returns the parameters of the observed and fixed groups by number, without those that are found
   * while the model runs.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-CONV-002}, {@code OCT-CONV-003}, {@code
   *     OCT-CONV-011} and {@code OCT-CONV-012} for constants
   */
  SortedMap<Integer, GroupParameters> find() {
    SortedMap<Integer, GroupParameters> found = new TreeMap<>();
    for (PlannedGroup group : plan.groups().values()) {
      cancellation.throwIfCancelled();
      Optional<GroupParameters> parameters =
          group
              .spec()
              .match(
                  new QuantizationSpec.ConcreteCases<>(
                      observed -> observed(group.id(), observed),
                      fixed -> Optional.of(fixed(fixed)),
                      derived -> Optional.empty()));
      parameters.ifPresent(p -> found.put(group.id(), p));
    }
    return found;
  }

  /** Returns nothing where the model itself computes the parameters. */
  private Optional<GroupParameters> observed(int id, QuantizationSpec.Observed spec) {
    List<GraphValue> members = values.getOrDefault(id, List.of());
    if (plan.isConstant(id)) {
      ConstantRanges.Outcome outcome = constants.of(spec, masksMadeFinite(members));
      return Optional.of(
          new GroupParameters(spec.type(), outcome.parameters(), outcome.observed()));
    }
    if (spec.mode() == Mode.DYNAMIC) {
      return Optional.empty();
    }
    ObservedGroup group = Objects.requireNonNull(calibrated.get(id), "a static group is observed");
    return Optional.of(
        new GroupParameters(
            spec.type(),
            parameters(chosen.getOrDefault(group, List.of())),
            observed.getOrDefault(group, List.of())));
  }

  private List<GraphValue> masksMadeFinite(List<GraphValue> members) {
    return plan.backend().cutsLogits()
        ? members.stream().map(value -> LogitRanges.finite(value, paths)).toList()
        : members;
  }

  private static GroupParameters fixed(QuantizationSpec.Fixed spec) {
    return new GroupParameters(spec.type(), spec.parameters(), List.of());
  }

  private static QuantizationParameters parameters(List<ChosenRange> ranges) {
    return QuantizationParameters.joined(ranges.stream().map(ChosenRange::parameters).toList());
  }

  private static Range extremes(ChannelStatistics channel) {
    return new Range(channel.min(), channel.max());
  }
}
