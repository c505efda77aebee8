package dev.octet.kernels.integer;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.index.Broadcast;
import dev.octet.kernels.quantize.QuantizeLinear;
import dev.octet.kernels.registry.Kernel;
import dev.octet.kernels.registry.OperatorKernel;
import dev.octet.kernels.registry.Preparation;
import dev.octet.kernels.registry.Signature;
import dev.octet.kernels.registry.Workers;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * com.microsoft QLinearWhere: operands condition, X, x_scale, x_zero_point, Y, y_scale,
 * y_zero_point, z_scale, z_zero_point; condition, X and Y broadcast.
 *
 * <p>The chosen element is {@code clamp(rne((float32(q - z) * s) / s_z) + z_z)}, every operation
 * rounded to float32.
 */
final class QLinearWhere implements OperatorKernel {

  private static final int CONDITION = 0;
  private static final int X = 1;
  private static final int Y = 4;
  private static final int Z_SCALE = 7;
  private static final int Z_ZERO = 8;

  @Override
  public Optional<String> refusal(Signature signature) {
    return Refusals.first(
        Refusals.unlessEightBits(signature, X, X + 2, Y, Y + 2, Z_ZERO),
        Refusals.unlessFloat(signature, X + 1, Y + 1, Z_SCALE));
  }

  @Override
  public Kernel prepare(Preparation preparation) {
    Refusals.requireScalars(preparation, X + 1, X + 2, Y + 1, Y + 2, Z_SCALE, Z_ZERO);
    Broadcast walk =
        Broadcast.of(
            preparation.result(0).sizes(),
            preparation.operand(CONDITION).sizes(),
            preparation.operand(X).sizes(),
            preparation.operand(Y).sizes());
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        OperandReader reader = new OperandReader(preparation, operands);
        choose(preparation, walk, reader, (byte[]) Objects.requireNonNull(results[0]));
      }
    };
  }

  private static void choose(
      Preparation preparation, Broadcast walk, OperandReader reader, byte[] z) {
    byte[] condition = (byte[]) reader.array(CONDITION);
    byte[] x = (byte[]) reader.array(X);
    byte[] y = (byte[]) reader.array(Y);
    byte[] fromX = table(preparation, reader, X);
    byte[] fromY = table(preparation, reader, Y);
    for (int row = 0; row < walk.rows(); row++) {
      int co = walk.offset(0, row);
      int xo = walk.offset(1, row);
      int yo = walk.offset(2, row);
      for (int i = 0; i < walk.rowLength(); i++) {
        boolean first = condition[co + i * walk.step(0)] != 0;
        z[row * walk.rowLength() + i] =
            first ? fromX[x[xo + i * walk.step(1)] & 0xFF] : fromY[y[yo + i * walk.step(2)] & 0xFF];
      }
    }
  }

  private static byte[] table(Preparation preparation, OperandReader reader, int operand) {
    DataType type = preparation.result(0).dataType();
    IntegerRange range = IntegerRange.of(preparation.node(), type);
    float scale = reader.scale(operand + 1);
    int zeroPoint = reader.zeroPoint(operand + 2);
    return TableKernel.table(
        reader.dataType(operand),
        q ->
            range.quantize(
                QuantizeLinear.dequantize(q, scale, zeroPoint),
                reader.scale(Z_SCALE),
                reader.zeroPoint(Z_ZERO)));
  }
}
