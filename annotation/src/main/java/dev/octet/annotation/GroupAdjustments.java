package dev.octet.annotation;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.ParameterPlan;
import dev.octet.api.spec.QuantizationParameters;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Keeps the parameters that a composed quantizer sets; they are checked where they go. */
final class GroupAdjustments implements ParameterPlan {

  private final ParameterPlan plan;
  private final SortedMap<Integer, QuantizationParameters> set = new TreeMap<>();

  GroupAdjustments(ParameterPlan plan) {
    this.plan = plan;
  }

  @Override
  public Graph graph() {
    return plan.graph();
  }

  @Override
  public List<Group> groups() {
    return plan.groups().stream().map(this::own).toList();
  }

  @Override
  public Optional<Group> group(Point point) {
    return plan.group(point).map(this::own);
  }

  private Group own(Group group) {
    QuantizationParameters own = set.get(group.id());
    return own == null ? group : group.withParameters(own);
  }

  @Override
  public float gridScale(int id, float scale) {
    return plan.gridScale(id, scale);
  }

  @Override
  public void set(int id, QuantizationParameters parameters) {
    set.put(id, parameters);
  }

  /** Returns the last parameters that each group was given, by the group's number. */
  SortedMap<Integer, QuantizationParameters> adjusted() {
    return Collections.unmodifiableSortedMap(set);
  }
}
