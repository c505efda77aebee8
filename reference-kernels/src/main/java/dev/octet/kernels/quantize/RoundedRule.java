package dev.octet.kernels.quantize;

import dev.octet.api.spec.NumericProfile.ZeroPointOrder;
import dev.octet.api.spec.QuantizationParameters;
import java.util.Objects;
import java.util.Optional;

/**
 * Scale, zero point and integers of floats, with every operation rounded to the type of the floats
 * or to that of the scales: the arithmetic of source quantization. Immutable.
 *
 * <pre>{@code
 * n = min(low, 0), p = max(high, 0)
 * symmetric              s = max(rv(max(-n, p) / ((qmax - qmin) / 2)), floor)      z = 0
 * symmetric, no clipping s = max(rv(n / qmin), rv(p / qmax), floor)                z = 0
 * asymmetric             s = max(rv(rv(p - n) / (qmax - qmin)), floor)
 *                        z = clamp(qmin - rne(rv(n / s)), qmin, qmax)
 * scale                  S = rs(s)
 * integer                q = clamp(rne(rp(x * rs(1 / S))) + z, qmin, qmax)         z after rounding
 *                        q = clamp(rne(rp(rp(x * rs(1 / S)) + z)), qmin, qmax)     z before it
 * }</pre>
 *
 * <p>{@code rv} rounds to the type of the floats, {@code rs} to that of the scales, {@code rp} to
 * both where they are one type and else to float32; what is rounded was computed in float32. {@code
 * rne} rounds to an integer, ties to even. The zero point belongs to the scale before it was
 * rounded to its type. A scale that its type rounds to 0 is its smallest normal number. In float32,
 * with scales of float32, symmetric and asymmetric are the formulas of {@link ParameterRule} with a
 * multiplication by the reciprocal.
 *
 * <p>Source: torchao 0.18, {@code choose_qparams_affine}, {@code quantize_affine} and {@code
 * quantize_per_channel_group}, of which it gives every bit but where a scale would be 0.
 *
 * @param min the smallest integer, below 0
 * @param max the largest integer, at least 0
 * @param mapping how a range becomes a scale
 * @param values the type of the floats
 * @param scales the type of the scales
 * @param floor the smallest scale before it is rounded to its type, finite and above 0
 * @param order when the zero point is added
 */
public record RoundedRule(
    long min,
    long max,
    Mapping mapping,
    FloatPrecision values,
    FloatPrecision scales,
    float floor,
    ZeroPointOrder order) {

  /** How a range becomes a scale. */
  public enum Mapping {
    /** Half the range of the integers is the largest magnitude; their middle is 0. */
    SYMMETRIC,
    /** Both ends of the range are integers; 0 is 0, and the larger of both ends decides. */
    SYMMETRIC_NO_CLIPPING_ERR,
    /** The range of the floats, widened to hold 0, is that of the integers. */
    ASYMMETRIC
  }

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if the integers do not include 0 and a number below it, the
   *     floor is not finite and above 0, or there is nothing above 0 and the mapping is {@link
   *     Mapping#SYMMETRIC_NO_CLIPPING_ERR}, which divides by the largest integer
   */
  public RoundedRule {
    Objects.requireNonNull(mapping, "mapping");
    Objects.requireNonNull(values, "values");
    Objects.requireNonNull(scales, "scales");
    Objects.requireNonNull(order, "order");
    if (min >= 0 || max < 0) {
      throw new IllegalArgumentException("integers " + min + ".." + max + " are not around 0");
    }
    if (!(floor > 0 && floor < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("scale floor " + floor + " is not finite and above 0");
    }
    if (max == 0 && mapping == Mapping.SYMMETRIC_NO_CLIPPING_ERR) {
      throw new IllegalArgumentException(
          "integers " + min + "..0 have nothing above 0 for a range that is not clipped");
    }
  }

  /**
   * Returns the scale and zero point of a range; empty when the scale is beyond its type.
   *
   * @param low the smallest float, a finite number of the type of the floats
   * @param high the largest, at least {@code low}
   * @throws IllegalArgumentException if the range is not finite
   */
  public Optional<QuantizationParameters> choose(float low, float high) {
    if (!(Float.isFinite(low) && Float.isFinite(high) && low <= high)) {
      throw new IllegalArgumentException("range " + low + ".." + high + " is no finite range");
    }
    // Adding 0 turns a negative zero into zero.
    float n = Math.min(low, 0f) + 0f;
    float p = Math.max(high, 0f) + 0f;
    float needed = Math.max(needed(n, p), floor);
    return pair(needed, mapping == Mapping.ASYMMETRIC ? zeroPoint(n, needed) : 0);
  }

  /**
   * Returns a scale rounded to its type, not below the floor, with a zero point; empty when it is
   * beyond its type.
   *
   * @param needed the scale before it is rounded
   * @param zeroPoint the zero point
   */
  public Optional<QuantizationParameters> pair(float needed, long zeroPoint) {
    float rounded = scales.round(Math.max(needed, floor));
    float scale = rounded == 0f ? scales.smallestNormal() : rounded;
    return Float.isFinite(scale)
        ? Optional.of(QuantizationParameters.of(scale, zeroPoint))
        : Optional.empty();
  }

  private float needed(float n, float p) {
    return switch (mapping) {
      case SYMMETRIC -> values.round(Math.max(-n, p) / ((float) (max - min) / 2));
      case SYMMETRIC_NO_CLIPPING_ERR ->
          Math.max(values.round(n / (float) min), values.round(p / (float) max));
      case ASYMMETRIC -> values.round(values.round(p - n) / (float) (max - min));
    };
  }

  private long zeroPoint(float n, float scale) {
    // The quotient lies in [-(max - min) - 1, 0], so that it fits a long when it is rounded.
    long below = (long) Math.rint((double) values.round(n / scale));
    return Math.min(Math.max(min - below, min), max);
  }

  /**
   * Returns the integer of a float.
   *
   * @param x the float, a number of the type of the floats; NaN becomes {@code min}
   * @param reciprocal what {@link #reciprocal} gives for its scale
   * @param zeroPoint its zero point
   */
  public long quantize(float x, float reciprocal, long zeroPoint) {
    if (x == 0f) {
      // The reciprocal may be infinite.
      return zeroPoint;
    }
    float steps = product(x * reciprocal);
    if (Float.isNaN(steps)) {
      return min;
    }
    double rounded =
        order == ZeroPointOrder.AFTER_ROUNDING
            ? Math.rint((double) steps) + zeroPoint
            : Math.rint((double) product(steps + (float) zeroPoint));
    return (long) Math.min(Math.max(rounded, (double) min), (double) max);
  }

  private float product(float value) {
    return values == scales ? values.round(value) : value;
  }

  /** Returns {@code rs(1 / S)}, which multiplies the floats. */
  public float reciprocal(float scale) {
    return scales.round(1f / scale);
  }
}
