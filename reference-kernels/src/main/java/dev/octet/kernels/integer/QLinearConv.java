package dev.octet.kernels.integer;

import dev.octet.kernels.definition.LoweringRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.exact.ExactProducts;
import dev.octet.kernels.primitive.Requantizer;
import dev.octet.kernels.registry.Kernel;
import dev.octet.kernels.registry.OperatorKernel;
import dev.octet.kernels.registry.Preparation;
import dev.octet.kernels.registry.Signature;
import dev.octet.kernels.registry.TensorArray;
import dev.octet.kernels.registry.Workers;
import dev.octet.kernels.shape.QuantizedShapes;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * ONNX QLinearConv: operands x, x_scale, x_zero_point, w, w_scale, w_zero_point, y_scale,
 * y_zero_point, B.
 *
 * <p>{@code acc = B[m] + sum (x - z_x) * (w - z_w[m])} exactly in int32, padding holding {@code
 * z_x}; {@code y = rne(clamp(float32(acc) * ((s_x * s_w[m]) / s_y))) + z_y}, see {@link
 * Requantizer}. INT8 and UINT8 in any mix; weight scale and zero point per tensor or per output
 * channel. A node whose sums may leave int32 is refused: {@code 255 * sum |w - z_w| + |B|} must
 * stay below 2^31 in every output channel, or {@code 255 * 255 * K} when the weights are not
 * constant.
 */
final class QLinearConv implements OperatorKernel {

  private static final Slots SLOTS =
      Slots.of(
          "x",
          "x_scale",
          "x_zero_point",
          "w",
          "w_scale",
          "w_zero_point",
          "y_scale",
          "y_zero_point",
          "B");
  private static final QuantizedSlot INPUT = SLOTS.quantized("x");
  private static final QuantizedSlot WEIGHT = SLOTS.quantized("w");
  private static final ParameterSlot RESULT = SLOTS.parameters("y");
  private static final int X = INPUT.value();
  private static final int X_SCALE = INPUT.scale();
  private static final int X_ZERO = INPUT.zeroPoint();
  private static final int W = WEIGHT.value();
  private static final int W_SCALE = WEIGHT.scale();
  private static final int W_ZERO = WEIGHT.zeroPoint();
  private static final int Y_SCALE = RESULT.scale();
  private static final int Y_ZERO = RESULT.zeroPoint();
  private static final int BIAS = SLOTS.index("B");

  static OperatorDefinition definition() {
    return OperatorDefinition.of(
            "QLinearConv", QuantizedShapes.qLinearConv(INPUT, WEIGHT, RESULT), new QLinearConv())
        .since(10)
        .slots(SLOTS)
        .formula(
            "acc = B + sum (x - z_x) * (w - z_w), rne(clamp(f32(acc) * ((s_x * s_w) / s_y))) + z_y")
        .exact(QLinearConv::exact)
        .lowered(
            LoweringRule.of(
                slots -> slots.activation(0, INPUT).weight(1, WEIGHT).bias(2, BIAS).result(RESULT),
                "Conv"));
  }

  private static IntFunction<ExactElement> exact(ExactOperands operands) {
    return ExactProducts.conv(
        operands,
        operands.quantized(INPUT),
        operands.quantized(WEIGHT),
        operands.find(BIAS),
        operands.parameters(RESULT));
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    return Refusals.first(
        Refusals.unlessEightBits(signature, X, X_ZERO, Y_ZERO),
        Refusals.unlessAtMostEightBits(signature, W, W_ZERO),
        Refusals.unlessFloat(signature, X_SCALE, W_SCALE, Y_SCALE));
  }

  @Override
  public Kernel prepare(Preparation preparation) {
    Refusals.requireScalars(preparation, X_SCALE, X_ZERO, Y_SCALE, Y_ZERO);
    return new Prepared(preparation);
  }

  private static final class Prepared implements Kernel {
    private final Preparation preparation;
    private final IntegerConvolution convolution;
    private final IntegerRange range;
    private final int @Nullable [] constantWeights;

    Prepared(Preparation preparation) {
      this.preparation = preparation;
      ConvGeometry geometry = ConvGeometry.ofConvolution(preparation, X, W);
      this.convolution = new IntegerConvolution(geometry);
      this.range = IntegerRange.of(preparation.node(), preparation.result(0).dataType());
      this.constantWeights = constantWeights(preparation);
      Refusals.requireInt32(largestSum(geometry));
    }

    private static int @Nullable [] constantWeights(Preparation preparation) {
      Optional<TensorArray> weights = preparation.constant(W);
      Optional<TensorArray> zeros = preparation.constant(W_ZERO);
      if (weights.isEmpty() || zeros.isEmpty()) {
        return null;
      }
      Object[] operands = new Object[W_ZERO + 1];
      operands[W] = weights.get().array();
      operands[W_ZERO] = zeros.get().array();
      return weights(preparation, new OperandReader(preparation, operands));
    }

    private static int[] weights(Preparation preparation, OperandReader reader) {
      return ConvWeights.widen(
          reader.dataType(W),
          reader.array(W),
          preparation.operand(W).count(),
          reader.zeroPoints(W_ZERO));
    }

    private long largestSum(ConvGeometry geometry) {
      Optional<TensorArray> bias = preparation.constant(BIAS);
      boolean known = constantWeights != null && (bias.isPresent() || !preparation.has(BIAS));
      if (!known) {
        return 255L * 255L * geometry.depth();
      }
      int[] constants = bias.map(b -> (int[]) b.array()).orElse(new int[0]);
      return ConvWeights.largestSum(
          Objects.requireNonNull(constantWeights), geometry.depth(), constants);
    }

    @Override
    public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
      OperandReader reader = new OperandReader(preparation, operands);
      float[] multipliers =
          Requantizer.multipliers(
              reader.scale(X_SCALE), reader.floats(W_SCALE), reader.scale(Y_SCALE));
      Requantizer requantizer =
          new Requantizer(multipliers, range.around(reader.zeroPoint(Y_ZERO)));
      byte[] y = (byte[]) Objects.requireNonNull(results[0]);
      convolution.run(
          reader.dataType(X),
          reader.array(X),
          reader.zeroPoint(X_ZERO),
          constantWeights != null ? constantWeights : weights(preparation, reader),
          preparation.has(BIAS) ? reader.zeroPoints(BIAS) : new int[0],
          (sums, count, channel, output) -> requantizer.apply(sums, count, channel, y, output),
          workers);
    }
  }
}
