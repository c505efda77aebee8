package dev.octet.workflow.plan;

import dev.octet.api.spec.QuantizationSpec;
import java.util.Objects;

/**
 * A group of points that share one scale and zero point, or one of each per channel.
 *
 * @param id the group's number, at least 0
 * @param spec how its points are quantized: observed, fixed or derived
 */
public record PlannedGroup(int id, QuantizationSpec spec) {

  /** Checks number and kind. */
  public PlannedGroup {
    Objects.requireNonNull(spec, "spec");
    if (id < 0) {
      throw new IllegalArgumentException("group " + id + " is negative");
    }
    if (spec instanceof QuantizationSpec.Shared || spec instanceof QuantizationSpec.KeepFloat) {
      throw new IllegalArgumentException("a group is observed, fixed or derived");
    }
  }
}
