package dev.octet.kernels.quantize;

import dev.octet.api.spec.ScaleLevels;
import dev.octet.api.spec.ScaleLevels.Rounding;

/**
 * Makes scales of two levels of the scales that ranges ask for; {@link ScaleLevels} defines them.
 */
public final class TwoLevelScales {

  private final ScaleLevels levels;

  /** Makes scales of these levels. */
  public TwoLevelScales(ScaleLevels levels) {
    this.levels = levels;
  }

  /** The scales of parts that share one float32. Immutable. */
  public static final class Shared {
    private final float shared;
    private final float[] factors;

    private Shared(float shared, float[] factors) {
      this.shared = shared;
      this.factors = factors;
    }

    /** Returns the float32. */
    public float shared() {
      return shared;
    }

    /** Returns a copy of the factors, one for each part. */
    public float[] factors() {
      return factors.clone();
    }

    /** Returns the scale of a part: the product, rounded once. */
    public float scale(int part) {
      return factors[part] * shared;
    }
  }

  /**
   * Returns the scales of parts that share one float32.
   *
   * @param needed the scale that each part asks for, finite and above 0; at least one
   */
  public Shared of(float[] needed) {
    float largest = 0f;
    for (float scale : needed) {
      largest = Math.max(largest, scale);
    }
    float shared = largest / levels.largest();
    if (levels.largest() * shared < largest) {
      shared = Math.nextUp(shared);
    }
    float[] factors = new float[needed.length];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = factor(needed[i], shared);
    }
    return new Shared(shared, factors);
  }

  private float factor(float needed, float shared) {
    return levels.rounding() == Rounding.UP
        ? atLeast(needed, shared)
        : Math.min(nearest(needed / shared), levels.largest());
  }

  private float nearest(float ratio) {
    return switch (levels.factors()) {
      case INTEGERS -> Math.max(1f, (float) Math.rint(ratio));
      case FLOAT8_E4M3 -> Float8.nearest(ratio);
    };
  }

  /** The division rounds, so that products decide, from a factor that is too small on. */
  private float atLeast(float needed, float shared) {
    float factor = first(Math.nextDown(needed / shared));
    while (factor < levels.largest() && factor * shared < needed) {
      factor = next(factor);
    }
    return factor;
  }

  private float first(float ratio) {
    return switch (levels.factors()) {
      case INTEGERS -> Math.max(1f, (float) Math.floor(ratio));
      case FLOAT8_E4M3 -> Math.min(Float8.atLeast(ratio), levels.largest());
    };
  }

  private float next(float factor) {
    return switch (levels.factors()) {
      case INTEGERS -> factor + 1;
      case FLOAT8_E4M3 -> Float8.atLeast(Math.nextUp(factor));
    };
  }
}
