package dev.octet.workflow.source;

import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule.Mapping;

/**
 * What schemes say whose weights may be mapped in several ways. Not thread-safe.
 *
 * @param <B> the builder of a scheme
 */
abstract class WeightBuilder<B extends WeightBuilder<B>> extends SchemeBuilder<B> {
  private FloatPrecision scalesPrecision = FloatPrecision.FLOAT32;
  private Mapping mappingType = Mapping.SYMMETRIC;
  private boolean paddingAllowed = false;
  private ScaleAlgorithm chooseQparamsAlgorithm = ScaleAlgorithm.AFFINE;

  /** Sets the type of the scales of weights; {@code FLOAT32} by default. */
  public B scalesPrecision(FloatPrecision chosen) {
    this.scalesPrecision = chosen;
    return self();
  }

  /** Sets how a range of weights becomes a scale; {@code SYMMETRIC} by default. */
  public B mappingType(Mapping chosen) {
    this.mappingType = chosen;
    return self();
  }

  /**
   * Sets whether a layer whose inputs the group size does not divide is quantized, as if zeros
   * filled its last group; {@code false} by default.
   */
  public B paddingAllowed(boolean chosen) {
    this.paddingAllowed = chosen;
    return self();
  }

  /** Sets how scales are found; {@code AFFINE} by default. */
  public B chooseQparamsAlgorithm(ScaleAlgorithm chosen) {
    this.chooseQparamsAlgorithm = chosen;
    return self();
  }

  FloatPrecision scalesPrecision() {
    return scalesPrecision;
  }

  Mapping mappingType() {
    return mappingType;
  }

  boolean paddingAllowed() {
    return paddingAllowed;
  }

  ScaleAlgorithm chooseQparamsAlgorithm() {
    return chooseQparamsAlgorithm;
  }
}
