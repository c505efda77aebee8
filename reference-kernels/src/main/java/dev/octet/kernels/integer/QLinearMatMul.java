package dev.octet.kernels.integer;

import dev.octet.kernels.primitive.Requantizer;
import dev.octet.kernels.registry.Kernel;
import dev.octet.kernels.registry.OperatorKernel;
import dev.octet.kernels.registry.Preparation;
import dev.octet.kernels.registry.Signature;
import dev.octet.kernels.registry.UnsupportedNodeException;
import dev.octet.kernels.registry.Workers;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * ONNX QLinearMatMul: operands a, a_scale, a_zero_point, b, b_scale, b_zero_point, y_scale,
 * y_zero_point.
 *
 * <p>{@code acc = sum (a - z_a) * (b - z_b[n])} exactly in int32; {@code y = rne(clamp(float32(acc)
 * * ((s_a * s_b[n]) / s_y))) + z_y}, see {@link Requantizer}. INT8 and UINT8 in any mix, the right
 * side of 8, 4 or 2 bits; the right scale and zero point per tensor or per column. A node whose
 * sums may leave int32 is refused: {@code 255 * sum over k of |b - z_b|} must stay below 2^31 in
 * every column, or {@code 255 * 255 * K} when b is not constant.
 */
final class QLinearMatMul implements OperatorKernel {

  private static final int A = 0;
  private static final int A_SCALE = 1;
  private static final int A_ZERO = 2;
  private static final int B = 3;
  private static final int B_SCALE = 4;
  private static final int B_ZERO = 5;
  private static final int Y_SCALE = 6;
  private static final int Y_ZERO = 7;

  @Override
  public Optional<String> refusal(Signature signature) {
    return Refusals.first(
        Refusals.unlessEightBits(signature, A, A_ZERO, Y_ZERO),
        Refusals.unlessAtMostEightBits(signature, B, B_ZERO),
        Refusals.unlessFloat(signature, A_SCALE, B_SCALE, Y_SCALE));
  }

  @Override
  public Kernel prepare(Preparation preparation) {
    Refusals.requireScalars(preparation, A_SCALE, A_ZERO, Y_SCALE, Y_ZERO);
    return new Prepared(preparation);
  }

  private static final class Prepared implements Kernel {
    private final Preparation preparation;
    private final MatrixGeometry geometry;
    private final RightOperand right;
    private final IntegerRange range;

    Prepared(Preparation preparation) {
      this.preparation = preparation;
      this.geometry = MatrixGeometry.ofMatMul(preparation, A, B);
      this.right = new RightOperand(preparation, new IntegerMatMul(geometry), B, B_ZERO);
      this.range = IntegerRange.of(preparation.node(), preparation.result(0).dataType());
      Refusals.requireInt32(right.largestSum(geometry.depth()));
      requireColumns(preparation.operand(B_SCALE).count());
    }

    private void requireColumns(int scales) {
      if (scales != 1 && scales != geometry.columns()) {
        throw new UnsupportedNodeException(
            "operand 4 has " + scales + " scales for " + geometry.columns() + " columns");
      }
    }

    @Override
    public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
      OperandReader reader = new OperandReader(preparation, operands);
      float[] multipliers =
          Requantizer.multipliers(
              reader.scale(A_SCALE), reader.floats(B_SCALE), reader.scale(Y_SCALE));
      Requantizer requantizer =
          new Requantizer(multipliers, range.around(reader.zeroPoint(Y_ZERO)));
      byte[] y = (byte[]) Objects.requireNonNull(results[0]);
      int columns = geometry.columns();
      right.run(
          new IntegerMatMul.Operand(reader.dataType(A), reader.array(A), reader.zeroPoints(A_ZERO)),
          reader,
          (sums, count, row, column) ->
              requantizer.applyAcross(sums, count, column, y, row * columns + column),
          workers);
    }
  }
}
