package dev.octet.workflow.plan;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.spec.ObserverSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks that the observers that a plan names are known. */
final class PlannedObservers {

  private final Plan plan;
  private final PlanDocument source;
  private final Set<ObserverSpec> known = new HashSet<>();

  private PlannedObservers(Plan plan, PlanDocument source) {
    this.plan = plan;
    this.source = source;
  }

  /**
   * Checks the observers of all groups that have points: those that nothing is left of need none.
   *
   * @param source the plan's document, as it was read
   * @return the plan
   */
  static Plan require(Plan plan, PlanDocument source) {
    PlannedObservers check = new PlannedObservers(plan, source);
    for (int i = 0; i < plan.document().groups().size(); i++) {
      check.requireObserver(i);
    }
    return plan;
  }

  private void requireObserver(int index) {
    PlannedGroup group = plan.document().groups().get(index);
    ObserverSpec observer = group.spec().observed().map(spec -> spec.observer()).orElse(null);
    if (observer == null || known.contains(observer)) {
      return;
    }
    Optional<OctetException> refusal = refusal(observer);
    if (refusal.isEmpty()) {
      known.add(observer);
    } else if (plan.groups().containsKey(group.id())) {
      throw located(refusal.get(), index, group);
    }
  }

  private Optional<OctetException> refusal(ObserverSpec observer) {
    try {
      plan.observers().canonical(observer);
      return Optional.empty();
    } catch (OctetException e) {
      return Optional.of(e);
    }
  }

  private OctetException located(OctetException refusal, int index, PlannedGroup group) {
    String path = "$.groups[" + index + "].spec.observer";
    String place = source.position(path) + ", for " + member(group);
    return refusal.kind() == ErrorKind.QUANTIZATION ? refusal.at(place) : refusal;
  }

  private String member(PlannedGroup group) {
    return plan.valuesByGroup().getOrDefault(group.id(), List.of()).stream()
        .findFirst()
        .map(value -> "'" + value.name() + "'")
        .orElse("group " + group.id());
  }
}
