package dev.octet.testkit;

import dev.octet.api.graph.Point;
import dev.octet.workflow.plan.PlannedBoundary;
import java.util.Optional;

/** Assertions on an input or an output of the model; see {@link PlanAssert}. */
public final class BoundaryAssert extends PointAssert<BoundaryAssert> {

  private final PlanAssert whole;
  private final Point point;

  BoundaryAssert(PlanAssert whole, Point point) {
    super(whole.plan(), point);
    this.whole = whole;
    this.point = point;
  }

  /** Goes on to a node; see {@link PlanAssert#node}. */
  public NodeAssert node(String name) {
    return whole.node(name);
  }

  @Override
  BoundaryAssert self() {
    return this;
  }

  @Override
  String named() {
    return point.toString();
  }

  @Override
  String around() {
    return whole.plan().boundary().stream()
        .filter(at -> at.point().equals(point))
        .map(PlannedBoundary::decidedBy)
        .findFirst()
        .map(who -> "decided by " + who)
        .orElse("nothing is decided of it");
  }

  @Override
  Optional<String> floatReason() {
    return keptFloat();
  }
}
