package dev.octet.workflow.plan;

import dev.octet.api.spec.QuantizationSpec;
import java.util.Objects;
import java.util.Optional;

/**
 * An operand or a result of a node in a plan.
 *
 * @param index operand or result index, from 0
 * @param tensor the name of the value there
 * @param group the group whose parameters the point has; empty when it is kept in float
 * @param spec how the point is quantized
 */
public record PlannedPoint(
    int index, String tensor, Optional<Integer> group, QuantizationSpec spec) {

  /** Checks that a point has a group unless it is kept in float, and that its index is one. */
  public PlannedPoint {
    if (index < 0) {
      throw new IllegalArgumentException("index " + index + " is negative");
    }
    Objects.requireNonNull(tensor, "tensor");
    requireGroup(group, spec);
  }

  /** Every point but one that is kept in float has a group. */
  static void requireGroup(Optional<Integer> group, QuantizationSpec spec) {
    if (group.isPresent() != spec.hasParameters()) {
      throw new IllegalArgumentException(
          group.isPresent()
              ? "a point without scale and zero point has no group"
              : "a quantized point needs a group");
    }
  }

  /** Returns the place and the group, in one line. */
  @Override
  public String toString() {
    return "'" + tensor + "' at " + index + group.map(number -> " in group " + number).orElse("");
  }
}
