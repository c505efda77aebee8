package dev.octet.kernels.quantize;

import dev.octet.api.error.OctetException;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Scheme.Symmetry;

/**
 * Chooses scale and zero point for an observed range; the formulas are those of {@link
 * NumericProfile}.
 */
public final class ParameterRule {

  private ParameterRule() {}

  /**
   * Returns one scale and zero point for a range. Every operation is rounded once to float32, to
   * nearest with ties to even; the zero point is subtracted and clamped as an exact integer.
   *
   * @param min the smallest observed value, finite; above 0 counts as 0
   * @param max the largest observed value, finite, at least {@code min}; below 0 counts as 0
   * @param type the integers to use
   * @param scheme symmetric or affine, and the scale floor
   * @throws IllegalArgumentException if the range is not finite or {@code min > max}
   * @throws OctetException {@code OCT-QUANT-001} if the range is so wide that its scale leaves
   *     float32
   */
  public static QuantizationParameters choose(
      float min, float max, QuantizedType type, Scheme scheme) {
    if (!(Float.isFinite(min) && Float.isFinite(max) && min <= max)) {
      throw new IllegalArgumentException("range " + min + ".." + max + " is no finite range");
    }
    // Adding 0 turns a negative zero into zero, so that no sign of zero depends on the data.
    float low = Math.min(min, 0f) + 0f;
    float high = Math.max(max, 0f) + 0f;
    float steps = (float) (type.max() - type.min());
    boolean symmetric = scheme.symmetry() == Symmetry.SYMMETRIC;
    float raw = symmetric ? Math.max(-low, high) / (steps / 2) : (high - low) / steps;
    if (raw == Float.POSITIVE_INFINITY) {
      throw tooWide(min, max);
    }
    float scale = Math.max(raw, scheme.profile().scaleFloor());
    long zeroPoint = symmetric ? middle(type) : affineZeroPoint(low, scale, type);
    return QuantizationParameters.of(scale, zeroPoint);
  }

  private static long affineZeroPoint(float low, float scale, QuantizedType type) {
    // low / scale lies in [-steps - 1, 0], so the rounded quotient fits a long.
    long below = (long) Math.rint((double) (low / scale));
    return Math.min(Math.max(type.min() - below, type.min()), type.max());
  }

  private static long middle(QuantizedType type) {
    return type.storage().signed() ? 0 : (type.min() + type.max() + 1) / 2;
  }

  private static OctetException tooWide(float min, float max) {
    return ParameterErrors.TOO_WIDE
        .error("The range " + min + ".." + max + " is wider than the largest float32")
        .build();
  }
}
