package dev.octet.workflow.plan;

import dev.octet.api.spec.QuantizationSpec;
import java.util.Objects;

/**
 * A group of points that share one scale and zero point, or one of each per channel.
 *
 * @param id the group's number, at least 0; a plan's own, which its file does not have
 * @param name the group's name in the file, by which it can be told apart from the others; of a
 *     plan that was made here, the first of its tensors
 * @param spec how its points are quantized
 */
public record PlannedGroup(int id, String name, QuantizationSpec.Concrete spec) {

  /** Checks the number. */
  public PlannedGroup {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(spec, "spec");
    if (id < 0) {
      throw new IllegalArgumentException("group " + id + " is negative");
    }
  }
}
