package dev.octet.kernels.integer;

import dev.octet.kernels.definition.LoweringRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.exact.ExactProducts;
import dev.octet.kernels.primitive.MatrixGeometry;
import dev.octet.kernels.primitive.Requantizer;
import dev.octet.kernels.registry.Kernel;
import dev.octet.kernels.registry.OperatorKernel;
import dev.octet.kernels.registry.Preparation;
import dev.octet.kernels.registry.Signature;
import dev.octet.kernels.registry.UnsupportedNodeException;
import dev.octet.kernels.registry.Workers;
import dev.octet.kernels.shape.QuantizedShapes;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
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

  private static final Slots SLOTS =
      Slots.of(
          "a",
          "a_scale",
          "a_zero_point",
          "b",
          "b_scale",
          "b_zero_point",
          "y_scale",
          "y_zero_point");
  private static final QuantizedSlot LEFT = SLOTS.quantized("a");
  private static final QuantizedSlot RIGHT = SLOTS.quantized("b");
  private static final ParameterSlot RESULT = SLOTS.parameters("y");
  private static final int A = LEFT.value();
  private static final int A_SCALE = LEFT.scale();
  private static final int A_ZERO = LEFT.zeroPoint();
  private static final int B = RIGHT.value();
  private static final int B_SCALE = RIGHT.scale();
  private static final int B_ZERO = RIGHT.zeroPoint();
  private static final int Y_SCALE = RESULT.scale();
  private static final int Y_ZERO = RESULT.zeroPoint();

  static OperatorDefinition definition() {
    return OperatorDefinition.of(
            "QLinearMatMul",
            QuantizedShapes.qLinearMatMul(LEFT, RIGHT, RESULT),
            new QLinearMatMul())
        .since(10)
        .slots(SLOTS)
        .formula(
            "acc = sum (a - z_a) * (b - z_b), rne(clamp(f32(acc) * ((s_a * s_b) / s_y))) + z_y")
        .exact(QLinearMatMul::exact)
        .lowered(
            LoweringRule.of(
                slots -> slots.activation(0, LEFT).weight(1, RIGHT).result(RESULT), "MatMul"));
  }

  private static IntFunction<ExactElement> exact(ExactOperands operands) {
    return ExactProducts.matMul(
        operands, operands.quantized(LEFT), operands.quantized(RIGHT), operands.parameters(RESULT));
  }

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
            "operand "
                + B_SCALE
                + " has "
                + scales
                + " scales for "
                + geometry.columns()
                + " columns");
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
