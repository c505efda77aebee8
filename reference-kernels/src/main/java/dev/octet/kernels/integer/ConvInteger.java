package dev.octet.kernels.integer;

import dev.octet.kernels.registry.Kernel;
import dev.octet.kernels.registry.OperatorKernel;
import dev.octet.kernels.registry.Preparation;
import dev.octet.kernels.registry.Signature;
import dev.octet.kernels.registry.Workers;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * ONNX ConvInteger: operands x, w, x_zero_point, w_zero_point; the int32 sums of {@link
 * IntegerConvolution}. The result is int32 by definition: sums of more than {@link
 * IntegerProduct#SAFE_DEPTH} products may wrap modulo 2^32, as the standard allows.
 */
final class ConvInteger implements OperatorKernel {

  private static final int X = 0;
  private static final int W = 1;
  private static final int X_ZERO = 2;
  private static final int W_ZERO = 3;

  @Override
  public Optional<String> refusal(Signature signature) {
    return Refusals.unlessEightBits(signature, X, W, X_ZERO, W_ZERO);
  }

  @Override
  public Kernel prepare(Preparation preparation) {
    Refusals.requireScalars(preparation, X_ZERO);
    IntegerConvolution convolution =
        new IntegerConvolution(ConvGeometry.ofConvolution(preparation, X, W));
    return (operands, results, workers) ->
        run(
            preparation,
            convolution,
            operands,
            (int[]) Objects.requireNonNull(results[0]),
            workers);
  }

  private static void run(
      Preparation preparation,
      IntegerConvolution convolution,
      @Nullable Object[] operands,
      int[] y,
      Workers workers) {
    OperandReader reader = new OperandReader(preparation, operands);
    int[] weights =
        ConvWeights.widen(
            reader.dataType(W),
            reader.array(W),
            preparation.operand(W).count(),
            reader.zeroPoints(W_ZERO));
    convolution.run(
        reader.dataType(X),
        reader.array(X),
        reader.zeroPoint(X_ZERO),
        weights,
        new int[0],
        (sums, count, channel, output) -> System.arraycopy(sums, 0, y, output, count),
        workers);
  }
}
