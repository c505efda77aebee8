package dev.octet.workflow;

import dev.octet.api.error.OctetException;
import dev.octet.workflow.plan.Plan;
import java.util.Collection;

/** Checks that plans can be calibrated in one pass. */
final class PlansTogether {

  private PlansTogether() {}

  /**
   * Checks that there are plans, of one backend and one prepared model.
   *
   * @throws OctetException {@code OCT-CAL-030} if they are not
   */
  static void require(Collection<Plan> plans) {
    if (plans.isEmpty()) {
      throw refused("there is no plan to calibrate");
    }
    Plan first = plans.iterator().next();
    for (Plan plan : plans) {
      requireSame("backends", first.backend().name(), plan.backend().name());
      requireSame(
          "prepared models", first.prepared().preparedHash(), plan.prepared().preparedHash());
    }
  }

  private static void requireSame(String what, String first, String other) {
    if (!first.equals(other)) {
      throw refused("the plans are of different " + what + ": " + first + " and " + other);
    }
  }

  private static OctetException refused(String fact) {
    return WorkflowErrors.NOT_TOGETHER.error(fact).build();
  }
}
