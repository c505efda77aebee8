package dev.octet.kernels.integer;

import static dev.octet.kernels.integer.ConvolutionOperands.BIAS;
import static dev.octet.kernels.integer.ConvolutionOperands.INPUT;
import static dev.octet.kernels.integer.ConvolutionOperands.RESULT;
import static dev.octet.kernels.integer.ConvolutionOperands.SLOTS;
import static dev.octet.kernels.integer.ConvolutionOperands.WEIGHT;

import dev.octet.api.runtime.RequantizationProfile;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.AttributeRule;
import dev.octet.kernels.definition.LoweringRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.SumRule;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.exact.ExactProducts;
import dev.octet.kernels.primitive.ChannelWeights;
import dev.octet.kernels.primitive.ConvGeometry;
import dev.octet.kernels.primitive.Convolution;
import dev.octet.kernels.primitive.Destination;
import dev.octet.kernels.primitive.Primitives;
import dev.octet.kernels.primitive.Requantizer;
import dev.octet.kernels.primitive.WideConvolution;
import dev.octet.kernels.shape.QuantizedShapes;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * ONNX QLinearConv: operands x, x_scale, x_zero_point, w, w_scale, w_zero_point, y_scale,
 * y_zero_point, B.
 *
 * <p>{@code acc = B[m] + sum (x - z_x) * (w - z_w[m])} padding holding {@code z_x}; {@code y =
 * rne(clamp(float32(acc) * ((s_x * s_w[m]) / s_y))) + z_y}, see {@link Requantizer}. INT8 and UINT8
 * in any mix; weight scale and zero point per tensor or per output channel. INT16 and UINT16 as
 * well and a B of INT64 have sums of int64; a node whose sums may leave that is refused. Of 8 bits
 * a sum that leaves int32 is what {@link SumRule} says; where it is to be exact, sums that may
 * ({@code 255 * sum |w - z_w| + |B|} of an output channel, or {@code 255 * 255 * K} when the
 * weights are not constant, is 2^31 or more) are int64.
 */
final class QLinearConv implements OperatorKernel {

  static OperatorDefinition definition() {
    return OperatorDefinition.of(
            "QLinearConv",
            QuantizedShapes.qLinearConv(INPUT, WEIGHT, RESULT, BIAS),
            new QLinearConv())
        .since(10)
        .slots(SLOTS)
        .formula(
            "acc = B + sum (x - z_x) * (w - z_w), rne(clamp(f32(acc) * ((s_x * s_w) / s_y))) + z_y")
        .exact(QLinearConv::exact)
        .requantizedBy(RequantizationProfile.floatHalfEven())
        .lowered(
            LoweringRule.of(
                    slots ->
                        slots.activation(0, INPUT).weight(1, WEIGHT).bias(2, BIAS).result(RESULT),
                    "Conv")
                .attributes(AttributeRule.KEEP.with(SumRule.exact()))
                .upToSixteenBits());
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
    return ConvolutionOperands.refusal(signature);
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    if (ConvolutionOperands.areWide(compilation)) {
      return new Wide(compilation);
    }
    Compiled narrow = new Compiled(compilation);
    return narrow.fits() ? narrow : new Wide(compilation);
  }

  /** With sums of 64 bits. */
  private static final class Wide implements CompiledNode {
    private final FromOperands<int[]> weights;
    private final FromOperands<long[]> bias;
    private final FromOperands<Requantizer> requantizer;

    Wide(Compilation compilation) {
      this.weights =
          FromOperands.of(compilation, Wide::differences, WEIGHT.value(), WEIGHT.zeroPoint());
      this.bias = ConvolutionOperands.wideBias(compilation);
      this.requantizer = ConvolutionOperands.requantizer(compilation);
    }

    private static int[] differences(OperandReader reader) {
      ArrayType type = reader.type(WEIGHT.value());
      int depth = type.product(1, type.rank());
      return reader.differences(WEIGHT, index -> index / depth);
    }

    @Override
    public Kernel bind(Preparation preparation) {
      ConvolutionOperands.requireScalars(preparation);
      ConvGeometry geometry =
          ConvGeometry.ofConvolution(preparation, INPUT.value(), WEIGHT.value());
      Refusals.requireInt64(geometry.depth(), bias.constant().orElse(new long[0]));
      return (operands, results, workers) -> {
        OperandReader reader = new OperandReader(preparation, operands);
        Object y = Objects.requireNonNull(results[0]);
        Primitives.chosen()
            .convolve(
                new WideConvolution(
                    geometry,
                    reader.differences(INPUT, index -> 0),
                    weights.in(reader),
                    bias.in(reader),
                    new Destination.Requantized(requantizer.in(reader), y)),
                workers);
      };
    }

    @Override
    public boolean reads(int operand) {
      return operand != WEIGHT.value() || weights.constant().isEmpty();
    }
  }

  private static final class Compiled implements CompiledNode {
    private final Compilation compilation;
    private final FromOperands<ChannelWeights> weights;
    private final FromOperands<int[]> bias;
    private final FromOperands<Requantizer> requantizer;

    Compiled(Compilation compilation) {
      this.compilation = compilation;
      this.weights =
          FromOperands.of(
              compilation,
              r -> r.channelWeights(WEIGHT.value(), WEIGHT.zeroPoint()),
              WEIGHT.value(),
              WEIGHT.zeroPoint());
      this.bias = ConvolutionOperands.bias(compilation);
      this.requantizer = ConvolutionOperands.requantizer(compilation);
    }

    /** Tells whether sums of 32 bits will do, as far as that is known. */
    boolean fits() {
      return !hasConstantSums()
          || SumRule.of(compilation.node())
              .allowsInt32(
                  weights.constant().orElseThrow().largestSum(bias.constant().orElseThrow()));
    }

    @Override
    public Kernel bind(Preparation preparation) {
      ConvolutionOperands.requireScalars(preparation);
      ConvGeometry geometry =
          ConvGeometry.ofConvolution(preparation, INPUT.value(), WEIGHT.value());
      if (!hasConstantSums()
          && !SumRule.of(compilation.node()).allowsInt32(255L * 255L * geometry.depth())) {
        return new Wide(compilation).bind(preparation);
      }
      return (operands, results, workers) -> {
        OperandReader reader = new OperandReader(preparation, operands);
        byte[] y = (byte[]) Objects.requireNonNull(results[0]);
        Primitives.chosen()
            .convolve(
                new Convolution(
                    geometry,
                    reader.dataType(INPUT.value()),
                    (byte[]) reader.array(INPUT.value()),
                    reader.zeroPoint(INPUT.zeroPoint()),
                    weights.in(reader),
                    bias.in(reader),
                    new Destination.Requantized(requantizer.in(reader), y)),
                workers);
      };
    }

    private boolean hasConstantSums() {
      return weights.constant().isPresent() && bias.constant().isPresent();
    }

    /** Where sums are not known yet, sizes decide whether weights are compiled for wide ones. */
    @Override
    public boolean reads(int operand) {
      return operand != WEIGHT.value() || !hasConstantSums();
    }
  }
}
