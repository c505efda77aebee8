package dev.octet.api.qdq;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.util.Objects;
import java.util.Optional;

/**
 * An integer value whose scales and zero points are constants.
 *
 * @param value name of the integers
 * @param type their element type
 * @param scaleName name of the scales
 * @param scale the scales, FLOAT, at least one
 * @param zeroName name of the zero points; empty when they are left out and so 0
 * @param zero the zero points, in the order of the scales
 * @param layout which elements share a scale
 */
public record QuantizedValue(
    String value,
    DataType type,
    String scaleName,
    Tensor scale,
    String zeroName,
    Optional<Tensor> zero,
    QdqLayout layout)
    implements QdqValue {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if the scales are not FLOAT or there is none
   */
  public QuantizedValue {
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(scaleName, "scaleName");
    Objects.requireNonNull(zeroName, "zeroName");
    Objects.requireNonNull(zero, "zero");
    Objects.requireNonNull(layout, "layout");
    if (scale.dataType() != DataType.FLOAT || scale.elementCount() == 0) {
      throw new IllegalArgumentException("scales are " + scale + ", not FLOAT");
    }
  }

  @Override
  public <T> T match(Cases<T> cases) {
    return cases.constant().apply(this);
  }

  /** Returns a value of the same meaning under another name. */
  public QuantizedValue named(String other) {
    return new QuantizedValue(other, type, scaleName, scale, zeroName, zero, layout);
  }

  /** Tells whether one scale serves all elements, and the layout says so. */
  public boolean isPerTensor() {
    return layout.match(new QdqLayout.Cases<>(whole -> true, channels -> false, blocks -> false));
  }

  /** Tells whether elements are integers of at most 8 bits. */
  public boolean isAtMostEightBits() {
    return type.isInteger() && type.bits() <= 8;
  }

  /** Returns the first scale. */
  public float firstScale() {
    return scale.floats()[0];
  }

  /** Returns the first zero point. */
  public long firstZero() {
    return zero.map(z -> z.integers()[0]).orElse(0L);
  }

  /** Tells whether equal integers of both mean equal numbers; both have one scale. */
  public boolean meansTheSameAs(QuantizedValue other) {
    return type == other.type
        && Float.floatToIntBits(firstScale()) == Float.floatToIntBits(other.firstScale())
        && firstZero() == other.firstZero();
  }
}
