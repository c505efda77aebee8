package dev.octet.workflow.calibrate;

import dev.octet.api.spec.QuantizationSpec;
import java.util.List;
import java.util.Objects;

/**
 * A group of points whose scale and zero point calibration finds.
 *
 * @param id the group's number in the plan, from 0
 * @param values the float values that the group's observer watches, in the order of the graph, each
 *     once, those of subgraphs by their paths; not empty; constants are among them only when the
 *     group watches other values too
 * @param spec how the group is quantized; its mode is static
 */
public record ObservedGroup(int id, List<String> values, QuantizationSpec.Observed spec) {

  /** Copies the values and checks that there is one. */
  public ObservedGroup {
    values = List.copyOf(values);
    Objects.requireNonNull(spec, "spec");
    if (values.isEmpty()) {
      throw new IllegalArgumentException("group " + id + " watches no value");
    }
  }
}
