package dev.octet.tck.integers;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * What stored integers mean: {@code (q - zeroPoint) * scale}. Immutable.
 *
 * @param type the type of the stored integers
 * @param scales the scale, or one for each index of the axis
 * @param zeroPoints the zero points, as many as scales
 * @param axis the axis whose indices have a scale each; empty for one scale
 */
public record Meaning(DataType type, List<Float> scales, List<Long> zeroPoints, OptionalInt axis) {

  /** Copies the lists. */
  public Meaning {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(axis, "axis");
    scales = List.copyOf(scales);
    zeroPoints = List.copyOf(zeroPoints);
    if (scales.size() != zeroPoints.size() || (axis.isEmpty() && scales.size() != 1)) {
      throw new IllegalArgumentException(scales + " and " + zeroPoints + " along " + axis);
    }
  }

  /** Returns one scale and zero point for all. */
  public static Meaning perTensor(DataType type, float scale, long zeroPoint) {
    return new Meaning(type, List.of(scale), List.of(zeroPoint), OptionalInt.empty());
  }

  /** Returns a scale for each index of an axis, with zero points of zero. */
  public static Meaning perChannel(DataType type, List<Float> scales, int axis) {
    return new Meaning(type, scales, Collections.nCopies(scales.size(), 0L), OptionalInt.of(axis));
  }

  /** Returns the smallest integer of the type. */
  public long min() {
    return type.isSignedInteger() ? -(1L << (type.bits() - 1)) : 0;
  }

  /** Returns the largest integer of the type. */
  public long max() {
    return min() + (1L << type.bits()) - 1;
  }

  /** Returns the first zero point. */
  public long zeroPoint() {
    return zeroPoints.get(0);
  }

  /** Returns the first scale. */
  public float scale() {
    return scales.get(0);
  }

  /** Returns the scales as the operand of a conversion. */
  public Tensor scaleTensor() {
    float[] values = new float[scales.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = scales.get(i);
    }
    return axis.isEmpty() ? Tensor.of(values) : Tensor.of(values, values.length);
  }

  /** Returns the zero points as the operand of a conversion. */
  public Tensor zeroPointTensor() {
    long[] values = zeroPoints.stream().mapToLong(Long::longValue).toArray();
    return axis.isEmpty()
        ? Tensor.ofIntegers(type, values)
        : Tensor.ofIntegers(type, values, values.length);
  }
}
