package dev.octet.kernels.lower;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.util.Optional;

/**
 * An integer value with the constants that say what it means: what a DequantizeLinear reads, or a
 * QuantizeLinear gives.
 *
 * @param value name of the integers
 * @param type their element type
 * @param scaleName name of the scales
 * @param scale the scales
 * @param zeroName name of the zero points; empty when they are left out and so 0
 * @param zero the zero points
 * @param axis the axis along which scales lie, as the node states it; unused for a single scale
 */
record QuantizedValue(
    String value,
    DataType type,
    String scaleName,
    Tensor scale,
    String zeroName,
    Optional<Tensor> zero,
    long axis) {

  /** Returns a value of the same meaning under another name. */
  QuantizedValue named(String other) {
    return new QuantizedValue(other, type, scaleName, scale, zeroName, zero, axis);
  }

  /** Tells whether one scale serves all elements. */
  boolean isPerTensor() {
    return scale.elementCount() == 1;
  }

  /** Tells whether elements are signed or unsigned 8-bit integers. */
  boolean isEightBits() {
    return type == DataType.INT8 || type == DataType.UINT8;
  }

  /** Tells whether elements are integers of at most 8 bits. */
  boolean isAtMostEightBits() {
    return type.isInteger() && type.bits() <= 8;
  }

  /** Returns the first scale. */
  float firstScale() {
    return scale.floats()[0];
  }

  /** Returns the first zero point. */
  long firstZero() {
    return zero.map(z -> z.integers()[0]).orElse(0L);
  }

  /** Tells whether equal integers of both mean equal numbers; both have one scale. */
  boolean meansTheSameAs(QuantizedValue other) {
    return type == other.type
        && Float.floatToIntBits(firstScale()) == Float.floatToIntBits(other.firstScale())
        && firstZero() == other.firstZero();
  }
}
