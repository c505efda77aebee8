package dev.octet.kernels.integer;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.quantize.QuantizeLinear;
import dev.octet.kernels.registry.Kernel;
import dev.octet.kernels.registry.OperatorKernel;
import dev.octet.kernels.registry.Preparation;
import dev.octet.kernels.registry.Signature;
import java.util.Optional;

/**
 * Functions of one 8-bit tensor: operands X, X_scale, X_zero_point, Y_scale, Y_zero_point.
 *
 * <p>{@code y = clamp(rne(f(float32(x - z_x) * s_x) / s_y) + z_y)}, every operation rounded to
 * float32. {@code f} is: for Requantize (domain dev.octet) the identity; for com.microsoft
 * QLinearLeakyRelu {@code v >= 0 ? v : alpha * v}; for com.microsoft QLinearSigmoid {@code 1 / (1 +
 * exp(-v))} in float64 by StrictMath, rounded once.
 */
final class QLinearUnary implements OperatorKernel {

  private static final int X = 0;
  private static final int X_SCALE = 1;
  private static final int X_ZERO = 2;
  private static final int Y_SCALE = 3;
  private static final int Y_ZERO = 4;

  /** A function of one float. */
  @FunctionalInterface
  private interface FloatFunction {
    float apply(float x, Preparation preparation);
  }

  private final FloatFunction function;

  private QLinearUnary(FloatFunction function) {
    this.function = function;
  }

  /** The change of scale and zero point. */
  static QLinearUnary requantize() {
    return new QLinearUnary((x, preparation) -> x);
  }

  /** QLinearLeakyRelu; the attribute alpha is 0.01 by default. */
  static QLinearUnary leakyRelu() {
    return new QLinearUnary(
        (x, preparation) -> x >= 0 ? x : preparation.node().floatAttribute("alpha", 0.01f) * x);
  }

  /** QLinearSigmoid. */
  static QLinearUnary sigmoid() {
    return new QLinearUnary((x, preparation) -> (float) (1 / (1 + StrictMath.exp(-(double) x))));
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    return Refusals.first(
        Refusals.unlessEightBits(signature, X, X_ZERO, Y_ZERO),
        Refusals.unlessFloat(signature, X_SCALE, Y_SCALE));
  }

  @Override
  public Kernel prepare(Preparation preparation) {
    Refusals.requireScalars(preparation, X_SCALE, X_ZERO, Y_SCALE, Y_ZERO);
    DataType type = preparation.result(0).dataType();
    IntegerRange range = IntegerRange.of(preparation.node(), type);
    return new TableKernel(
        preparation,
        reader -> {
          float xScale = reader.scale(X_SCALE);
          float yScale = reader.scale(Y_SCALE);
          int xZero = reader.zeroPoint(X_ZERO);
          int yZero = reader.zeroPoint(Y_ZERO);
          return q -> {
            float value = QuantizeLinear.dequantize(q, xScale, xZero);
            return range.quantize(function.apply(value, preparation), yScale, yZero, type);
          };
        });
  }
}
