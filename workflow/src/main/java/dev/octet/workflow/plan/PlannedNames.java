package dev.octet.workflow.plan;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.workflow.calibrate.Observers;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks that the observers, scale grids and derivations that a plan names are known. */
final class PlannedNames {

  private final Plan plan;
  private final PlanDocument source;
  private final Set<Object> known = new HashSet<>();

  private PlannedNames(Plan plan, PlanDocument source) {
    this.plan = plan;
    this.source = source;
  }

  /**
   * Checks the names of all groups that have points: those that nothing is left of need none.
   *
   * @param source the plan's document, as it was read
   * @return the plan
   */
  static Plan require(Plan plan, PlanDocument source) {
    PlannedNames check = new PlannedNames(plan, source);
    for (int i = 0; i < plan.document().groups().size(); i++) {
      check.requireNames(i);
    }
    return plan;
  }

  private void requireNames(int index) {
    PlannedGroup group = plan.document().groups().get(index);
    Observers observers = plan.observers();
    group.spec().observed().ifPresent(spec -> requireNames(index, spec));
    group
        .spec()
        .derivation()
        .ifPresent(rule -> require(index, "derivation", rule, () -> observers.derivation(rule)));
  }

  private void requireNames(int index, QuantizationSpec.Observed spec) {
    if (known.contains(spec)) {
      return;
    }
    ObserverSpec observer = spec.observer();
    Observers observers = plan.observers();
    boolean observed = require(index, "observer", observer, () -> observers.canonical(observer));
    boolean onGrid = require(index, "grid", spec.scheme().grid(), () -> observers.rule(spec));
    if (observed && onGrid) {
      known.add(spec);
    }
  }

  /** Returns whether the name is known. */
  private boolean require(int index, String field, Object name, Runnable check) {
    if (known.contains(name)) {
      return true;
    }
    PlannedGroup group = plan.document().groups().get(index);
    try {
      check.run();
      known.add(name);
      return true;
    } catch (OctetException e) {
      if (plan.groups().containsKey(group.id())) {
        throw located(e, "$.groups[" + index + "].spec." + field, group);
      }
      return false;
    }
  }

  private OctetException located(OctetException refusal, String path, PlannedGroup group) {
    String place = source.position(path) + ", for " + member(group);
    return refusal.kind() == ErrorKind.QUANTIZATION ? refusal.at(place) : refusal;
  }

  private String member(PlannedGroup group) {
    return plan.valuesByGroup().getOrDefault(group.id(), List.of()).stream()
        .findFirst()
        .map(value -> "'" + value.name() + "'")
        .orElse("group '" + group.name() + "'");
  }
}
