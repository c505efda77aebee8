package dev.octet.api.spec;

/**
 * The arithmetic by which a float becomes an integer, step by step in float32.
 *
 * <p>Both profiles widen the observed range to hold zero: {@code n = min(min, 0)}, {@code p =
 * max(max, 0)}, and floor the scale at 2^-23, the float32 epsilon:
 *
 * <ul>
 *   <li>affine: {@code s = max((p - n) / (qmax - qmin), floor)}, {@code z = clamp(qmin - rne(n /
 *       s), qmin, qmax)};
 *   <li>symmetric: {@code s = max(max(-n, p) / ((qmax - qmin) / 2), floor)}, {@code z} the middle
 *       of the range: 0 for signed storage, {@code (qmin + qmax + 1) / 2} for unsigned.
 * </ul>
 *
 * <p>Every operation is rounded once to float32, to nearest with ties to even; {@code rne} is that
 * rounding to an integer. Integers are clamped to {@code [qmin, qmax]} after the zero point is
 * added.
 */
public enum NumericProfile {
  /** {@code q = clamp(rne(x / s) + z)}: ONNX QuantizeLinear. */
  ONNX,
  /** {@code q = clamp(rne(x * (1 / s)) + z)}: PyTorch's quantized_decomposed operators. */
  TORCH
}
