package dev.octet.workflow.plan;

import dev.octet.api.graph.Point;
import dev.octet.api.spec.QuantizationSpec;
import java.util.Objects;
import java.util.Optional;

/**
 * The decision on an input or an output of the graph in a plan. Inputs and outputs of which nothing
 * was decided have none, and stay as they are.
 *
 * @param point the input or output
 * @param decidedBy who decided: {@code backend}, or a selector of the policy
 * @param group the group whose parameters it has; empty when it is kept in float
 * @param spec how it is quantized, or why it is kept in float
 */
public record PlannedBoundary(
    Point point, String decidedBy, Optional<Integer> group, QuantizationSpec spec) {

  /** Checks that it is an input or output, and has a group unless it is kept in float. */
  public PlannedBoundary {
    Objects.requireNonNull(decidedBy, "decidedBy");
    if (!point.isBoundary()) {
      throw new IllegalArgumentException(point + " is no input or output of the graph");
    }
    PlannedPoint.requireGroup(group, spec);
  }
}
