package dev.octet.kernels.integer;

import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
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
import dev.octet.kernels.shape.QuantizedShapes;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * ONNX ConvInteger: operands x, w, x_zero_point, w_zero_point; the int32 sums of {@link
 * Convolution}. The result is int32 by definition: sums of more than 33 025 products may wrap
 * modulo 2^32, as the standard allows and ONNX Runtime does.
 */
final class ConvInteger implements OperatorKernel {

  private static final Slots SLOTS = Slots.of("x", "w", "x_zero_point", "w_zero_point");
  private static final int X = SLOTS.index("x");
  private static final int W = SLOTS.index("w");
  private static final int X_ZERO = SLOTS.index("x_zero_point");
  private static final int W_ZERO = SLOTS.index("w_zero_point");

  static OperatorDefinition definition() {
    return OperatorDefinition.of(
            "ConvInteger", QuantizedShapes.convInteger(X, W, X_ZERO, W_ZERO), new ConvInteger())
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
  public CompiledNode compile(Compilation compilation) {
    return new Compiled(FromOperands.of(compilation, r -> r.channelWeights(W, W_ZERO), W, W_ZERO));
  }

  private record Compiled(FromOperands<ChannelWeights> weights) implements CompiledNode {

    @Override
    public Kernel bind(Preparation preparation) {
      Refusals.requireScalars(preparation, X_ZERO);
      ConvGeometry geometry = ConvGeometry.ofConvolution(preparation, X, W);
      return (operands, results, workers) -> {
        OperandReader reader = new OperandReader(preparation, operands);
        int[] y = (int[]) Objects.requireNonNull(results[0]);
        Primitives.chosen()
            .convolve(
                new Convolution(
                    geometry,
                    reader.dataType(X),
                    (byte[]) reader.array(X),
                    reader.zeroPoint(X_ZERO),
                    weights.in(reader),
                    new int[0],
                    new Destination.Integers(y)),
                workers);
      };
    }

    @Override
    public boolean reads(int operand) {
      return operand != W || weights.constant().isEmpty();
    }
  }
}
