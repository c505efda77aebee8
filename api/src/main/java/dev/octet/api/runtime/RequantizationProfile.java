package dev.octet.api.runtime;

/**
 * How an int32 accumulator becomes an integer of the output type. {@code M = s_x * s_w / s_y};
 * clamping precedes narrowing.
 */
public enum RequantizationProfile {
  /** {@code clamp(rne(float32(acc) * float32 M) + z)}: ONNX Runtime, XNNPACK. */
  FLOAT_ROUND_HALF_EVEN,
  /**
   * A 31-bit fixed-point multiplier with one rounding, ties towards plus infinity: TOSA single
   * rounding.
   */
  FIXED_POINT_SINGLE_ROUNDING,
  /**
   * A 31-bit fixed-point multiplier, rounded when the product is halved and again when it is
   * shifted: TFLite, gemmlowp, CMSIS-NN.
   */
  FIXED_POINT_DOUBLE_ROUNDING,
  /** The runtime dequantizes, computes in float and quantizes again. */
  SIMULATED
}
