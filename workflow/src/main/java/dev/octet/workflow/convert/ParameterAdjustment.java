package dev.octet.workflow.convert;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.ParameterPlan;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.kernels.quantize.ParameterRule;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Lets a quantizer adjust the parameters that calibration found, and checks what it sets. */
final class ParameterAdjustment implements ParameterPlan {

  /** Of more groups than this, a report has their number and the first. */
  private static final int TOLD_ONE_BY_ONE = 3;

  private final Plan plan;
  private final Observers observers;
  private final SortedMap<Integer, Group> groups = new TreeMap<>();

  private ParameterAdjustment(
      Plan plan, Observers observers, SortedMap<Integer, GroupParameters> found) {
    this.plan = plan;
    this.observers = observers;
    SortedMap<Integer, List<Point>> points = plan.pointsByGroup();
    plan.groups()
        .forEach(
            (id, group) ->
                groups.put(id, group(group, points.getOrDefault(id, List.of()), found.get(id))));
  }

  private static Group group(
      PlannedGroup planned, List<Point> points, @Nullable GroupParameters found) {
    Group group = Group.of(planned.id(), points, planned.spec());
    return found == null
        ? group
        : group.withParameters(found.parameters()).withObserved(found.observed());
  }

  /**
   * Calls the hook.
   *
   * @param found the parameters of all groups that are not derived; those that the quantizer sets
   *     are put in their place
   * @return what it changed
   * @throws OctetException as {@link ParameterPlan#set}
   */
  static Adjusted by(
      Quantizer quantizer,
      Plan plan,
      Observers observers,
      SortedMap<Integer, GroupParameters> found) {
    ParameterAdjustment adjustment = new ParameterAdjustment(plan, observers, found);
    quantizer.adjustParameters(adjustment);
    List<Change> changes = adjustment.applyTo(found);
    Set<Integer> groups = new TreeSet<>();
    changes.forEach(change -> groups.add(change.group().id()));
    return new Adjusted(groups, findings(plan.document().backend(), changes));
  }

  /**
   * What was changed.
   *
   * @param groups the numbers of the groups
   * @param findings one for each of few groups, one for many
   */
  record Adjusted(Set<Integer> groups, List<Finding> findings) {}

  /** A group that was changed, with what calibration had given it. */
  private record Change(Group group, QuantizationParameters before) {
    /** Returns what it has now. */
    String words() {
      return group.points().get(0)
          + " has "
          + ParameterAdjustment.words(group.parameters().orElseThrow())
          + ", and calibration gave "
          + ParameterAdjustment.words(before);
    }
  }

  private List<Change> applyTo(SortedMap<Integer, GroupParameters> found) {
    List<Change> changes = new ArrayList<>();
    for (Map.Entry<Integer, GroupParameters> entry : found.entrySet()) {
      Group group = present(entry.getKey());
      QuantizationParameters before = entry.getValue().parameters();
      QuantizationParameters now = group.parameters().orElse(before);
      if (!now.equals(before)) {
        entry.setValue(entry.getValue().withParameters(now));
        changes.add(new Change(group, before));
      }
    }
    return changes;
  }

  private static List<Finding> findings(String backend, List<Change> changes) {
    String by = "Adjusted by backend '" + backend + "': ";
    if (changes.size() <= TOLD_ONE_BY_ONE) {
      return changes.stream().map(change -> about(change, by + change.words() + ".")).toList();
    }
    Change first = changes.get(0);
    return List.of(about(first, by + changes.size() + " groups, of which " + first.words() + "."));
  }

  private static Finding about(Change change, String message) {
    return ConversionErrors.ADJUSTED.aboutPoint(change.group().points().get(0), message);
  }

  /** Many channels are their first and their number. */
  private static String words(QuantizationParameters parameters) {
    String first =
        "scale " + parameters.scale(0) + " and zero point " + parameters.shownZeroPoint(0);
    return parameters.count() == 1 ? first : first + " in the first of " + parameters.count();
  }

  @Override
  public Graph graph() {
    return plan.prepared().model().graph();
  }

  @Override
  public List<Group> groups() {
    return List.copyOf(groups.values());
  }

  @Override
  public Optional<Group> group(Point point) {
    return plan.group(point).map(planned -> present(planned.id()));
  }

  @Override
  public float gridScale(int id, float scale) {
    return rule(adjustable(id)).gridScale(scale);
  }

  @Override
  public void set(int id, QuantizationParameters parameters) {
    Objects.requireNonNull(parameters, "the parameters that are set are null");
    Group group = adjustable(id);
    int count = group.parameters().orElseThrow().count();
    Optional<String> misfit =
        count == parameters.count()
            ? rule(group).misfit(parameters)
            : Optional.of(parameters.count() + " pairs of scale and zero point, not " + count);
    if (misfit.isPresent()) {
      throw ConversionErrors.UNFIT_PARAMETERS
          .error("adjustParameters sets group " + group.id() + " to " + misfit.get())
          .at(group.points().get(0).toString())
          .build();
    }
    groups.put(id, group.withParameters(parameters));
  }

  private ParameterRule rule(Group group) {
    return observers.rule(group.spec().observed().orElseThrow());
  }

  private Group adjustable(int id) {
    Group group = present(id);
    if (!group.isAdjustable()) {
      throw ConversionErrors.NOT_ADJUSTABLE
          .error(
              "adjustParameters sets group "
                  + id
                  + ", whose parameters are "
                  + group
                      .spec()
                      .match(
                          new QuantizationSpec.ConcreteCases<>(
                              observed -> "found while the model runs",
                              fixed -> "fixed",
                              derived -> "derived from those of others afterwards")))
          .at(group.points().get(0).toString())
          .build();
    }
    return group;
  }

  private Group present(int id) {
    Group group = groups.get(id);
    if (group == null) {
      throw ConversionErrors.NO_GROUP
          .error("adjustParameters names group " + id + ", and there is none")
          .at("the groups of the parameter plan")
          .build();
    }
    return group;
  }
}
