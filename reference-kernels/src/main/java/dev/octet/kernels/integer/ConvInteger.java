package dev.octet.kernels.integer;

import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.exact.ExactProducts;
import dev.octet.kernels.primitive.ChannelWeights;
import dev.octet.kernels.primitive.ConvGeometry;
import dev.octet.kernels.primitive.Convolution;
import dev.octet.kernels.primitive.Destination;
import dev.octet.kernels.primitive.Primitives;
import dev.octet.kernels.registry.Kernel;
import dev.octet.kernels.registry.OperatorKernel;
import dev.octet.kernels.registry.Preparation;
import dev.octet.kernels.registry.Signature;
import dev.octet.kernels.registry.Workers;
import dev.octet.kernels.shape.QuantizedShapes;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * ONNX ConvInteger: operands x, w, x_zero_point, w_zero_point; the int32 sums of {@link
 * Convolution}. The result is int32 by definition: sums of more than 33 025 products may wrap
 * modulo 2^32, as the standard allows.
 */
final class ConvInteger implements OperatorKernel {

  private static final Slots SLOTS = Slots.of("x", "w", "x_zero_point", "w_zero_point");
  private static final int X = SLOTS.index("x");
  private static final int W = SLOTS.index("w");
  private static final int X_ZERO = SLOTS.index("x_zero_point");
  private static final int W_ZERO = SLOTS.index("w_zero_point");

  static OperatorDefinition definition() {
    return OperatorDefinition.of(
            "ConvInteger", QuantizedShapes.convInteger(X, W), new ConvInteger())
        .since(10)
        .slots(SLOTS)
        .formula("sum (x - z_x) * (w - z_w)")
        .exact(ConvInteger::exact);
  }

  private static IntFunction<ExactElement> exact(ExactOperands operands) {
    return ExactProducts.convInteger(
        operands, operands.integers(X, X_ZERO), operands.integers(W, W_ZERO));
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    return Refusals.unlessEightBits(signature, X, W, X_ZERO, W_ZERO);
  }

  @Override
  public Kernel prepare(Preparation preparation) {
    Refusals.requireScalars(preparation, X_ZERO);
    ConvGeometry geometry = ConvGeometry.ofConvolution(preparation, X, W);
    return (operands, results, workers) ->
        run(preparation, geometry, operands, (int[]) Objects.requireNonNull(results[0]), workers);
  }

  private static void run(
      Preparation preparation,
      ConvGeometry geometry,
      @Nullable Object[] operands,
      int[] y,
      Workers workers) {
    OperandReader reader = new OperandReader(preparation, operands);
    ChannelWeights weights =
        new ChannelWeights(
            reader.dataType(W),
            (byte[]) reader.array(W),
            geometry.groups() * geometry.outChannels(),
            geometry.depth(),
            reader.zeroPoints(W_ZERO));
    Primitives.chosen()
        .convolve(
            new Convolution(
                geometry,
                reader.dataType(X),
                (byte[]) reader.array(X),
                reader.zeroPoint(X_ZERO),
                weights,
                new int[0],
                new Destination.Integers(y)),
            workers);
  }
}
