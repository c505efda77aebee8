package dev.octet.workflow.convert;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Finds constants that leave the integers that they are stored as: those whose scales are derived,
 * fixed or set by the backend. Where an observer leaves elements of a constant out, that is its
 * choice.
 */
final class ClippedConstants {

  private final Plan plan;
  private final Observers observers;
  private final SortedMap<Integer, GroupParameters> parameters;
  private final Set<Integer> adjusted;

  /**
   * Prepares the search.
   *
   * @param parameters those of all groups
   * @param adjusted the numbers of the groups whose parameters the backend set
   */
  ClippedConstants(
      Plan plan,
      Observers observers,
      SortedMap<Integer, GroupParameters> parameters,
      Set<Integer> adjusted) {
    this.plan = plan;
    this.observers = observers;
    this.parameters = parameters;
    this.adjusted = adjusted;
  }

  /**
   * Returns a warning about all of them, the worst first; empty when there are none.
   *
   * @throws OctetException {@code OCT-CONV-026} if a derivation refuses it
   */
  Optional<Finding> finding() {
    List<Clipped> all = new ArrayList<>();
    plan.valuesByGroup()
        .forEach(
            (id, values) -> {
              PlannedGroup group = plan.groups().get(id);
              if (group != null && mayClip(group)) {
                values.stream().flatMap(value -> clipped(group, value).stream()).forEach(all::add);
              }
            });
    List<Clipped> worst =
        all.stream().sorted(Comparator.comparingDouble(each -> each.left().rank())).toList();
    return worst.stream()
        .findFirst()
        .map(
            first ->
                ConversionErrors.CLIPPED_CONSTANT.aboutPoint(
                    first.at(),
                    "Constants are clipped, since no observer chose their scales: "
                        + Clipped.named(worst.stream().map(Clipped::words).toList())
                        + "."));
  }

  private boolean mayClip(PlannedGroup group) {
    return group
        .spec()
        .match(
            new QuantizationSpec.ConcreteCases<Boolean>(
                observer -> adjusted.contains(group.id()), fixed -> true, derived -> true));
  }

  private Optional<Clipped> clipped(PlannedGroup group, GraphValue value) {
    if (value.constant().isEmpty()) {
      return Optional.empty();
    }
    Point at = Clipped.at(plan, group, value);
    QdqForm.MarkedPoint place = new QdqForm.MarkedPoint(plan.document().backend(), at);
    GroupParameters own = parameters.get(group.id());
    Optional<Clipped> found =
        own == null
            ? Optional.empty()
            : Clipped.of(value, at, QdqForm.ofConstant(value, group, own, place));
    found.filter(each -> refuses(group)).ifPresent(ClippedConstants::refuse);
    return found;
  }

  private boolean refuses(PlannedGroup group) {
    return group
        .spec()
        .derivation()
        .filter(
            rule ->
                observers
                    .derivation(rule)
                    .refusesLoss(new DerivedContexts(plan).of(group, parameters)))
        .isPresent();
  }

  private static void refuse(Clipped constant) {
    throw ConversionErrors.REFUSED_CLIP
        .error(constant.words())
        .at(constant.at().toString())
        .build();
  }
}
