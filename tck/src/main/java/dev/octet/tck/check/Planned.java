package dev.octet.tck.check;

import dev.octet.api.graph.Point;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedGroup;
import dev.octet.workflow.plan.PlannedNode;
import java.util.List;
import java.util.Objects;

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

  /** Returns a group of a plan that has it. */
  static PlannedGroup group(Plan plan, int id) {
    return Objects.requireNonNull(plan.groups().get(id));
  }

  /** Returns the points of a group of a plan that has it. */
  static List<Point> points(Plan plan, int id) {
    return Objects.requireNonNull(plan.pointsByGroup().get(id));
  }
}
