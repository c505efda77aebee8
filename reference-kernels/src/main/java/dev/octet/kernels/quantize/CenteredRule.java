package dev.octet.kernels.quantize;

import java.util.Objects;
import java.util.Optional;

/**
 * Scale, float zero point and integers of floats, where the zero point is what the middle of the
 * integers means, and 0 need not be any integer: the arithmetic of tinygemm. Immutable.
 *
 * <pre>{@code
 * mid     = (qmax + qmin + 1) / 2
 * s       = max(rv(rv(high - low) / (qmax - qmin)), rv(floor))     z = rv(low + rv(s * mid))
 * pair    S = rs(s)     Z = rs(z)
 * integer q = clamp(rne(rp(rp(x - rs(Z - rs(S * mid))) / S)), qmin, qmax)
 * float   x' = rv(rv((q - mid) * S) + Z)
 * }</pre>
 *
 * <p>{@code rv} rounds to the type of the floats, {@code rs} to that of the scales and zero points,
 * {@code rp} to both where they are one type and else to float32; what is rounded was computed in
 * float32. {@code rne} rounds to an integer, ties to even. A scale that its type rounds to 0 is its
 * smallest normal number.
 *
 * <p>Source: torchao 0.18, {@code _choose_qparams_affine_tinygemm}, {@code
 * _quantize_affine_tinygemm} and {@code _dequantize_affine_tinygemm}, of which it gives every bit
 * but where a scale would be 0.
 *
 * @param min the smallest integer
 * @param max the largest integer, above {@code min}
 * @param values the type of the floats
 * @param scales the type of the scales and zero points
 * @param floor the smallest scale before it is rounded to its type, finite and above 0
 */
public record CenteredRule(
    long min, long max, FloatPrecision values, FloatPrecision scales, float floor) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if there are not two integers, or the floor is not finite and
   *     above 0
   */
  public CenteredRule {
    Objects.requireNonNull(values, "values");
    Objects.requireNonNull(scales, "scales");
    if (min >= max) {
      throw new IllegalArgumentException("integers " + min + ".." + max + " are less than two");
    }
    if (!(floor > 0 && floor < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("scale floor " + floor + " is not finite and above 0");
    }
  }

  /**
   * A scale and the number that the middle of the integers means.
   *
   * @param scale finite and above 0
   * @param zero finite
   */
  public record Pair(float scale, float zero) {}

  /** Returns the middle of the integers: half the number of them above the smallest. */
  public float middle() {
    return (float) (max + min + 1) / 2;
  }

  /**
   * Returns the scale and zero point of a range; empty when one of them is beyond its type.
   *
   * @param low the smallest float, a finite number of the type of the floats
   * @param high the largest, at least {@code low}
   * @throws IllegalArgumentException if the range is not finite
   */
  public Optional<Pair> choose(float low, float high) {
    if (!(Float.isFinite(low) && Float.isFinite(high) && low <= high)) {
      throw new IllegalArgumentException("range " + low + ".." + high + " is no finite range");
    }
    float needed = values.round(values.round(high - low) / (float) (max - min));
    float scale = Math.max(needed, values.round(floor));
    return pair(scale, values.round(low + values.round(scale * middle())));
  }

  /**
   * Returns a scale and a zero point rounded to their type; empty when one is beyond it.
   *
   * @param scale above 0
   * @param zero the zero point
   */
  public Optional<Pair> pair(float scale, float zero) {
    float rounded = scales.round(scale);
    float stored = rounded == 0f ? scales.smallestNormal() : rounded;
    // Adding 0 turns a negative zero into zero.
    float middle = scales.round(zero) + 0f;
    return Float.isFinite(stored) && Float.isFinite(middle)
        ? Optional.of(new Pair(stored, middle))
        : Optional.empty();
  }

  /**
   * Returns the integer of a float.
   *
   * @param x a number of the type of the floats; NaN becomes {@code min}
   */
  public long quantize(float x, Pair pair) {
    float lowest = scales.round(pair.zero() - scales.round(pair.scale() * middle()));
    float steps = product(product(x - lowest) / pair.scale());
    double rounded = Math.rint((double) steps);
    return Float.isNaN(steps)
        ? min
        : (long) Math.min(Math.max(rounded, (double) min), (double) max);
  }

  /** Returns the number that an integer means, of the type of the floats. */
  public float dequantize(long integer, Pair pair) {
    return values.round(values.round((integer - middle()) * pair.scale()) + pair.zero());
  }

  private float product(float value) {
    return values == scales ? values.round(value) : value;
  }
}
