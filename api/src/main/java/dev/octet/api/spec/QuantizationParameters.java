package dev.octet.api.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The scales and zero points of a tensor: one pair for a tensor as a whole, one for each channel,
 * group or block otherwise, in row-major order over the blocks that share one.
 *
 * <p>A value means {@code (q - zeroPoint) * scale}. Immutable and thread-safe; equal when all
 * scales have the same bits and all zero points are equal.
 */
public final class QuantizationParameters {

  private final float[] scales;
  private final long[] zeroPoints;

  private QuantizationParameters(float[] scales, long[] zeroPoints) {
    this.scales = scales;
    this.zeroPoints = zeroPoints;
  }

  /**
   * Returns the parameters of a tensor as a whole.
   *
   * @throws IllegalArgumentException if the scale is not finite and above 0
   */
  public static QuantizationParameters of(float scale, long zeroPoint) {
    return of(new float[] {scale}, new long[] {zeroPoint});
  }

  /**
   * Returns parameters of several parts of a tensor; the arrays are copied.
   *
   * @throws IllegalArgumentException if the lengths differ, or a scale is not finite and above 0
   */
  public static QuantizationParameters of(float[] scales, long[] zeroPoints) {
    if (scales.length != zeroPoints.length) {
      throw new IllegalArgumentException(
          scales.length + " scales and " + zeroPoints.length + " zero points");
    }
    for (float scale : scales) {
      if (!(scale > 0 && scale < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("scale " + scale + " is not finite and above 0");
      }
    }
    return new QuantizationParameters(scales.clone(), zeroPoints.clone());
  }

  /** Returns the pairs of several parameters, one after the other. */
  public static QuantizationParameters joined(List<QuantizationParameters> parts) {
    int count = parts.stream().mapToInt(QuantizationParameters::count).sum();
    float[] scales = new float[count];
    long[] zeroPoints = new long[count];
    int at = 0;
    for (QuantizationParameters part : parts) {
      System.arraycopy(part.scales, 0, scales, at, part.count());
      System.arraycopy(part.zeroPoints, 0, zeroPoints, at, part.count());
      at += part.count();
    }
    return new QuantizationParameters(scales, zeroPoints);
  }

  /**
   * Returns these parameters with another scale of one part.
   *
   * @throws IllegalArgumentException if the scale is not finite and above 0
   */
  public QuantizationParameters withScale(int index, float scale) {
    float[] others = scales.clone();
    others[index] = scale;
    return of(others, zeroPoints);
  }

  /** Returns the number of pairs. */
  public int count() {
    return scales.length;
  }

  /** Returns the scale of one part. */
  public float scale(int index) {
    return scales[index];
  }

  /** Returns the zero point of one part. */
  public long zeroPoint(int index) {
    return zeroPoints[index];
  }

  /** Returns a copy of the scales. */
  public float[] scales() {
    return scales.clone();
  }

  /** Returns a copy of the zero points. */
  public long[] zeroPoints() {
    return zeroPoints.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof QuantizationParameters that
        && Arrays.equals(scales, that.scales)
        && Arrays.equals(zeroPoints, that.zeroPoints);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(scales), Arrays.hashCode(zeroPoints));
  }

  /** Returns the pairs as text. */
  @Override
  public String toString() {
    return "scale " + Arrays.toString(scales) + " zero point " + Arrays.toString(zeroPoints);
  }
}
