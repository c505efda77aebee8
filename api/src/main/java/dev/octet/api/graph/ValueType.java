package dev.octet.api.graph;

import java.util.Objects;
import java.util.Optional;

/** The type of a value. */
public sealed interface ValueType {

  /** Returns this type when it is a dense tensor's; empty for every other kind. */
  Optional<TensorType> tensor();

  /**
   * A dense tensor.
   *
   * @param dataType the element type
   * @param shape the shape; empty when the rank is not known
   */
  record TensorType(DataType dataType, Optional<Shape> shape) implements ValueType {
    /** Checks that no component is null. */
    public TensorType {
      Objects.requireNonNull(dataType, "dataType");
      Objects.requireNonNull(shape, "shape");
    }

    /** Returns a tensor type of known rank. */
    public static TensorType of(DataType dataType, Shape shape) {
      return new TensorType(dataType, Optional.of(shape));
    }

    @Override
    public Optional<TensorType> tensor() {
      return Optional.of(this);
    }

    @Override
    public String toString() {
      return dataType + shape.map(Shape::toString).orElse("[...]");
    }
  }

  /**
   * A type that is no dense tensor of a known element type: a sequence, a map, an optional, a
   * sparse tensor, or not stated.
   *
   * @param description the type as the format writes it, for messages
   */
  record Other(String description) implements ValueType {
    /** Checks that the description is not null. */
    public Other {
      Objects.requireNonNull(description, "description");
    }

    @Override
    public Optional<TensorType> tensor() {
      return Optional.empty();
    }

    @Override
    public String toString() {
      return description;
    }
  }
}
