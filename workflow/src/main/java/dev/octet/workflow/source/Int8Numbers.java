package dev.octet.workflow.source;

import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.NumericProfile.ZeroPointOrder;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.quantize.RoundedRule.Mapping;

/** Integers of 8 bits or a part of them, with float32 scales. */
final class Int8Numbers {

  private Int8Numbers() {}

  /** Returns how floats become integers. */
  static RoundedRule rule(long min, long max, Mapping mapping, FloatPrecision precision) {
    return new RoundedRule(
        min,
        max,
        mapping,
        precision,
        FloatPrecision.FLOAT32,
        NumericProfile.FLOAT32_EPSILON,
        ZeroPointOrder.AFTER_ROUNDING);
  }
}
