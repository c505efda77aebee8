package dev.octet.api.format;

import dev.octet.api.graph.DataType;
import dev.octet.api.spec.Granularity;
import java.util.Objects;

/**
 * How a quantized tensor is stored, as far as a format must have a word for it.
 *
 * @param type the element type that is stored
 * @param granularity which elements share a scale and a zero point
 */
public record StoredForm(DataType type, Granularity granularity) {

  /** Checks that no component is null. */
  public StoredForm {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(granularity, "granularity");
  }
}
