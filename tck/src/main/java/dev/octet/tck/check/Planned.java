package dev.octet.tck.check;

import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedNode;

/** Decisions of plans, by name. */
final class Planned {

  private Planned() {}

  /**
   * Returns the decision on a node of the model that was asked about.
   *
   * @throws Violation if the plan has none
   */
  static PlannedNode node(Plan plan, String name) {
    return plan.userNodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(() -> Violation.of("the plan says nothing of node '%s'", name));
  }
}
