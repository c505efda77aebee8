package dev.octet.api.graph;

import dev.octet.api.text.Brief;
import java.util.Objects;
import java.util.Optional;

/**
 * A named value with its type.
 *
 * @param name the value's name, unique in its graph
 * @param type the type
 * @param origin what the format keeps of it; empty for values that Octet made
 */
public record ValueInfo(String name, ValueType type, Optional<Origin> origin) {

  /** Checks that no component is null. */
  public ValueInfo {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(origin, "origin");
  }

  /** Returns a value that Octet made. */
  public static ValueInfo of(String name, ValueType type) {
    return new ValueInfo(name, type, Optional.empty());
  }

  /** Returns the tensor type; empty when the value is no dense tensor. */
  public Optional<ValueType.TensorType> tensorType() {
    return type.tensor();
  }

  /** Returns name and type, in one line. */
  @Override
  public String toString() {
    return Brief.text(name) + ": " + type;
  }
}
