package dev.octet.workflow.plan;

import dev.octet.api.spec.QuantizationSpec;
import java.util.Objects;

/**
 * A group of points that share one scale and zero point, or one of each per channel.
 *
 * @param id the group's number, at least 0
 * @param spec how its points are quantized
 */
public record PlannedGroup(int id, QuantizationSpec.Concrete spec) {

  /** Checks the number. */
  public PlannedGroup {
    Objects.requireNonNull(spec, "spec");
    if (id < 0) {
      throw new IllegalArgumentException("group " + id + " is negative");
    }
  }
}
