package dev.octet.workflow.source;

import dev.octet.kernels.quantize.FloatPrecision;

/**
 * What every scheme says. Not thread-safe.
 *
 * @param <B> the builder of a scheme
 */
abstract class SchemeBuilder<B extends SchemeBuilder<B>> {
  private FloatPrecision precision = FloatPrecision.FLOAT32;

  /**
   * Sets the type that weights, activations and results are rounded to; {@code FLOAT32} by default.
   */
  public B precision(FloatPrecision chosen) {
    this.precision = chosen;
    return self();
  }

  FloatPrecision precision() {
    return precision;
  }

  abstract B self();
}
