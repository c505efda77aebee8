package dev.octet.kernels.integer;

import dev.octet.kernels.definition.LoweringRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.exact.ExactProducts;
import dev.octet.kernels.primitive.ChannelWeights;
import dev.octet.kernels.primitive.ConvGeometry;
import dev.octet.kernels.primitive.Convolution;
import dev.octet.kernels.primitive.Destination;
import dev.octet.kernels.primitive.Primitives;
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
    private final ConvGeometry geometry;
    private final IntegerRange range;
    private final @Nullable ChannelWeights constantWeights;

    Prepared(Preparation preparation) {
      this.preparation = preparation;
      this.geometry = ConvGeometry.ofConvolution(preparation, X, W);
      this.range = IntegerRange.of(preparation.node(), preparation.result(0).dataType());
      this.constantWeights = constantWeights();
      Refusals.requireInt32(largestSum());
    }

    private @Nullable ChannelWeights constantWeights() {
      Optional<TensorArray> weights = preparation.constant(W);
      Optional<TensorArray> zeros = preparation.constant(W_ZERO);
      if (weights.isEmpty() || zeros.isEmpty()) {
        return null;
      }
      Object[] operands = new Object[W_ZERO + 1];
      operands[W] = weights.get().array();
      operands[W_ZERO] = zeros.get().array();
      return weights(new OperandReader(preparation, operands));
    }

    private ChannelWeights weights(OperandReader reader) {
      return new ChannelWeights(
          reader.dataType(W),
          (byte[]) reader.array(W),
          geometry.groups() * geometry.outChannels(),
          geometry.depth(),
          reader.zeroPoints(W_ZERO));
    }

    private long largestSum() {
      Optional<TensorArray> bias = preparation.constant(BIAS);
      if (constantWeights == null || (bias.isEmpty() && preparation.has(BIAS))) {
        return 255L * 255L * geometry.depth();
      }
      return constantWeights.largestSum(bias.map(b -> (int[]) b.array()).orElse(new int[0]));
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
      Primitives.chosen()
          .convolve(
              new Convolution(
                  geometry,
                  reader.dataType(X),
                  (byte[]) reader.array(X),
                  reader.zeroPoint(X_ZERO),
                  constantWeights != null ? constantWeights : weights(reader),
                  preparation.has(BIAS) ? reader.zeroPoints(BIAS) : new int[0],
                  new Destination.Requantized(requantizer, y)),
              workers);
    }
  }
}
