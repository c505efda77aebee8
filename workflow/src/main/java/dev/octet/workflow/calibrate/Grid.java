package dev.octet.workflow.calibrate;

import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Scheme.Symmetry;
import dev.octet.kernels.quantize.ParameterRule;
import dev.octet.kernels.quantize.QuantizationParameters;

/**
 * The values that a range, type and scheme can represent: {@code k * scale} for the whole numbers
 * {@code k} from {@code first} to {@code last}; zero is among them.
 *
 * @param scale the float32 scale of {@link ParameterRule}
 * @param first {@code qmin - z}, at most 0
 * @param last {@code qmax - z}, at least 0
 */
record Grid(double scale, double first, double last) {

  static Grid of(float min, float max, QuantizedType type, Scheme scheme) {
    QuantizationParameters parameters = ParameterRule.choose(min, max, type, scheme);
    long zeroPoint = parameters.zeroPoint(0);
    return new Grid(parameters.scale(0), type.min() - zeroPoint, type.max() - zeroPoint);
  }

  /** Tells whether a range is narrow enough for its scale to be a float32. */
  static boolean exists(float min, float max, QuantizedType type, Scheme scheme) {
    float low = Math.min(min, 0f);
    float high = Math.max(max, 0f);
    float steps = (float) (type.max() - type.min());
    boolean symmetric = scheme.symmetry() == Symmetry.SYMMETRIC;
    return Float.isFinite(symmetric ? Math.max(-low, high) / (steps / 2) : high - low);
  }

  /** Returns the whole number that {@code u}, in units of the scale, is rounded and clamped to. */
  double nearest(double u) {
    return Math.min(Math.max(Math.rint(u), first), last);
  }
}
