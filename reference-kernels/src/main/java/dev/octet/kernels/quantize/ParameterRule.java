package dev.octet.kernels.quantize;

import dev.octet.api.error.OctetException;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Scheme.Symmetry;
import java.util.Optional;

/**
 * Chooses scale and zero point for an observed range; the formulas are those of {@link
 * NumericProfile} and {@link dev.octet.api.spec.ScaleGrid}. Immutable.
 *
 * @param type the integers to use
 * @param scheme symmetric or affine, and the scale floor
 * @param grid the scales that there are: what the scheme's grid names
 */
public record ParameterRule(QuantizedType type, Scheme scheme, Grid grid) {

  /** The scales that there are. */
  @FunctionalInterface
  public interface Grid {
    /** Returns the next scale, as {@link dev.octet.api.spec.ScaleGridKind#atLeast} says. */
    float atLeast(float scale);
  }

  /**
   * Returns the rule of a scheme whose grid is one of Octet's own.
   *
   * @throws java.util.NoSuchElementException if it is not
   */
  public static ParameterRule of(QuantizedType type, Scheme scheme) {
    return new ParameterRule(type, scheme, ScaleGrids.own(scheme.grid()).orElseThrow()::atLeast);
  }

  /**
   * Returns the smallest scale of the grid that is at least another; plus infinity when there is
   * none.
   *
   * @throws IllegalArgumentException if the other is not finite and above 0
   */
  public float gridScale(float scale) {
    if (!(scale > 0 && scale < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("scale " + scale + " is not finite and above 0");
    }
    return grid.atLeast(scale);
  }

  /**
   * Returns one scale and zero point for a range. Every operation is rounded once to float32, to
   * nearest with ties to even; the zero point is subtracted and clamped as an exact integer.
   *
   * @param min the smallest observed value, finite; above 0 counts as 0
   * @param max the largest observed value, finite, at least {@code min}; below 0 counts as 0
   * @throws IllegalArgumentException if the range is not finite or {@code min > max}
   * @throws OctetException {@code OCT-QUANT-001} if the range is so wide that its scale leaves
   *     float32; {@code OCT-QUANT-002} if the grid has no scale that is large enough
   */
  public QuantizationParameters choose(float min, float max) {
    if (!(Float.isFinite(min) && Float.isFinite(max) && min <= max)) {
      throw new IllegalArgumentException("range " + min + ".." + max + " is no finite range");
    }
    float needed = neededScale(min, max);
    if (needed == Float.POSITIVE_INFINITY) {
      throw tooWide(min, max);
    }
    float scale = grid.atLeast(needed);
    if (scale == Float.POSITIVE_INFINITY) {
      throw beyondGrid(min, max, needed);
    }
    return withScale(min, scale);
  }

  /**
   * Returns the parameters of a range with a given scale.
   *
   * @param min the smallest observed value, finite; above 0 counts as 0
   * @param scale the scale, finite and above 0
   */
  public QuantizationParameters withScale(float min, float scale) {
    boolean symmetric = scheme.symmetry() == Symmetry.SYMMETRIC;
    return switch (scheme.zeroPoints()) {
      case WHOLE ->
          QuantizationParameters.of(scale, symmetric ? middle(type) : zeroPoint(min, scale));
      case REAL ->
          QuantizationParameters.ofFractions(
              new float[] {scale},
              new float[] {symmetric ? realMiddle() : realZeroPoint(min, scale)});
    };
  }

  /** Returns the zero point that a symmetric scheme gives whatever the range. */
  private float symmetricZeroPoint() {
    return switch (scheme.zeroPoints()) {
      case WHOLE -> (float) middle(type);
      case REAL -> realMiddle();
    };
  }

  private float realMiddle() {
    return (type.min() + type.max()) / 2f;
  }

  private float realZeroPoint(float min, float scale) {
    float raw = (float) type.min() - low(min) / scale;
    return Math.min(Math.max(raw, (float) type.min()), (float) type.max());
  }

  /** Tells whether a finite range has a scale: one that is a float32, and on the grid. */
  public boolean hasScale(float min, float max) {
    float needed = neededScale(min, max);
    return Float.isFinite(needed) && Float.isFinite(grid.atLeast(needed));
  }

  /**
   * Returns what of parameters from elsewhere the type or scheme has no room for, such as {@code
   * the zero point 3, which is not inside int4}; empty when they fit.
   */
  public Optional<String> misfit(QuantizationParameters given) {
    boolean symmetric = scheme.symmetry() == Symmetry.SYMMETRIC;
    if (given.isFractional() && scheme.zeroPoints() == Scheme.ZeroPoints.WHOLE) {
      return Optional.of("a fraction as zero point: " + given);
    }
    if (scheme.levels().isPresent()) {
      return Optional.of(
          "scales of its own, though they have two levels: " + scheme.levels().get());
    }
    for (int i = 0; i < given.count(); i++) {
      Number zeroPoint = given.shownZeroPoint(i);
      float scale = given.scale(i);
      if (symmetric && given.realZeroPoint(i) != symmetricZeroPoint()) {
        return Optional.of("the zero point " + zeroPoint + " for a symmetric scheme of " + type);
      }
      if (zeroPoint.doubleValue() < type.min() || zeroPoint.doubleValue() > type.max()) {
        return Optional.of("the zero point " + zeroPoint + ", which is not inside " + type);
      }
      if (grid.atLeast(scale) != scale) {
        return Optional.of(
            "the scale " + scale + ", which is not on the grid '" + scheme.grid() + "'");
      }
    }
    return Optional.empty();
  }

  /** Returns the scale that a range needs, floor included; plus infinity if it is no float32. */
  private float neededScale(float min, float max) {
    return Math.max(rawScale(min, max), scheme.profile().scaleFloor());
  }

  /**
   * Returns the scale with which a range has all steps of the type, before floor and grid; 0 for a
   * range of zero, plus infinity if it is no float32.
   *
   * @param min as {@link #choose} says
   * @param max as {@link #choose} says
   */
  public float rawScale(float min, float max) {
    float low = low(min);
    float high = Math.max(max, 0f) + 0f;
    float steps = (float) (type.max() - type.min());
    boolean symmetric = scheme.symmetry() == Symmetry.SYMMETRIC;
    return symmetric ? Math.max(-low, high) / (steps / 2) : (high - low) / steps;
  }

  /** Adding 0 turns a negative zero into zero, so that no sign of zero depends on the data. */
  private static float low(float min) {
    return Math.min(min, 0f) + 0f;
  }

  private long zeroPoint(float min, float scale) {
    // The quotient lies in [-steps - 1, 0], so that it fits a long when it is rounded.
    long below = (long) Math.rint((double) (low(min) / scale));
    return Math.min(Math.max(type.min() - below, type.min()), type.max());
  }

  /** Returns the zero point of a symmetric scheme whose zero points are whole. */
  public static long middle(QuantizedType type) {
    return type.storage().signed() ? 0 : (type.min() + type.max() + 1) / 2;
  }

  private static OctetException tooWide(float min, float max) {
    return ParameterErrors.TOO_WIDE
        .error("The range " + min + ".." + max + " is wider than the largest float32")
        .build();
  }

  private OctetException beyondGrid(float min, float max, float needed) {
    return ParameterErrors.BEYOND_GRID
        .error(
            "The range "
                + min
                + ".."
                + max
                + " needs a scale of at least "
                + needed
                + ", and the grid '"
                + scheme.grid()
                + "' has none that large")
        .build();
  }
}
