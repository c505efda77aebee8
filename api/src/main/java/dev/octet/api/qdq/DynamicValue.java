package dev.octet.api.qdq;

import dev.octet.api.graph.DataType;
import java.util.Objects;
import java.util.Optional;

/**
 * An integer value whose scales or zero points are computed when the model runs.
 *
 * @param value name of the integers
 * @param type their element type
 * @param scaleName name of the scales
 * @param zeroName name of the zero points; empty when they are left out and so 0
 * @param layout which elements share a scale; empty when the shape of the scales is not known
 */
public record DynamicValue(
    String value, DataType type, String scaleName, String zeroName, Optional<QdqLayout> layout)
    implements QdqValue {

  /** Checks that no component is null. */
  public DynamicValue {
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(scaleName, "scaleName");
    Objects.requireNonNull(zeroName, "zeroName");
    Objects.requireNonNull(layout, "layout");
  }

  @Override
  public <T> T match(Cases<T> cases) {
    return cases.dynamic().apply(this);
  }
}
