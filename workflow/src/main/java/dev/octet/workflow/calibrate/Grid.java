package dev.octet.workflow.calibrate;

import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizedType;
import dev.octet.kernels.quantize.ParameterRule;

/**
 * The values that a range, rule can represent: {@code k * scale} for the numbers {@code k} from
 * {@code first} to {@code last}, one apart. Where the zero point is whole, zero is among them.
 *
 * @param scale the float32 scale of {@link ParameterRule}
 * @param first {@code qmin - z}, at most 0
 * @param last {@code qmax - z}, at least 0
 */
record Grid(double scale, double first, double last) {

  static Grid of(float min, float max, ParameterRule rule) {
    QuantizationParameters parameters = rule.choose(min, max);
    double zeroPoint = parameters.realZeroPoint(0);
    QuantizedType type = rule.type();
    return new Grid(parameters.scale(0), type.min() - zeroPoint, type.max() - zeroPoint);
  }

  /** Returns the number that {@code u}, in units of the scale, is rounded and clamped to. */
  double nearest(double u) {
    double shift = shift();
    return Math.min(Math.max(Math.rint(u - shift) + shift, first), last);
  }

  /** Returns how far the numbers lie from whole ones; 0 where the zero point is one. */
  double shift() {
    return first - Math.rint(first);
  }
}
