package dev.octet.workflow.source;

import dev.octet.api.spec.NumericProfile.ZeroPointOrder;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.quantize.RoundedRule.Mapping;

/** Weights of 1 to 8 bits. */
final class IntxWeights {

  private static final int MOST_BITS = 8;

  private IntxWeights() {}

  /**
   * Returns how weights become integers of some bits.
   *
   * @throws IllegalArgumentException if there are not 1 to 8, or as {@link RoundedRule}
   */
  static RoundedRule rule(
      int bits, Mapping mapping, FloatPrecision precision, FloatPrecision scales) {
    if (bits < 1 || bits > MOST_BITS) {
      throw new IllegalArgumentException("weights of " + bits + " bits; there are 1 to 8");
    }
    long half = 1L << (bits - 1);
    return new RoundedRule(
        -half,
        half - 1,
        mapping,
        precision,
        scales,
        precision.smallestNormal(),
        ZeroPointOrder.AFTER_ROUNDING);
  }
}
