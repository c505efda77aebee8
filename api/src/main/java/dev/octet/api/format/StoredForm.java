package dev.octet.api.format;

import dev.octet.api.graph.DataType;
import dev.octet.api.spec.Granularity;
import java.util.Objects;

/**
 * How a quantized tensor is stored, as far as a format must have a word for it.
 *
 * @param type the element type that is stored
 * @param granularity which elements share a scale and a zero point
 * @param dynamic whether nodes of the model compute the scales and zero points while it runs
 */
public record StoredForm(DataType type, Granularity granularity, boolean dynamic) {

  /** Checks that type and granularity are not null. */
  public StoredForm {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(granularity, "granularity");
  }
}
