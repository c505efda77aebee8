package dev.octet.kernels.integer;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.quantize.QuantizeLinear;
import dev.octet.kernels.registry.ArrayType;
import dev.octet.kernels.registry.Kernel;
import dev.octet.kernels.registry.OperatorKernel;
import dev.octet.kernels.registry.Preparation;
import dev.octet.kernels.registry.Signature;
import dev.octet.kernels.registry.Workers;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * com.microsoft QLinearConcat: operands Y_scale, Y_zero_point, then a tensor, its scale and its
 * zero point for each part; attribute axis.
 *
 * <p>An element whose scale and zero point are those of the result is copied; any other is {@code
 * clamp(rne((float32(x - z_x) * s_x) / s_y) + z_y)}, every operation rounded to float32.
 */
final class QLinearConcat implements OperatorKernel {

  private static final int Y_SCALE = 0;
  private static final int Y_ZERO = 1;
  private static final int FIRST = 2;

  @Override
  public Optional<String> refusal(Signature signature) {
    Optional<String> refusal =
        Refusals.first(
            Refusals.unlessEightBits(signature, Y_ZERO), Refusals.unlessFloat(signature, Y_SCALE));
    for (int x = FIRST; x + 2 < signature.node().operands().size(); x += 3) {
      refusal =
          Refusals.first(
              refusal,
              Refusals.unlessEightBits(signature, x, x + 2),
              Refusals.unlessFloat(signature, x + 1));
    }
    return refusal;
  }

  @Override
  public Kernel prepare(Preparation preparation) {
    for (int x = FIRST; x + 2 < preparation.operands().size(); x += 3) {
      Refusals.requireScalars(preparation, x + 1, x + 2);
    }
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        OperandReader reader = new OperandReader(preparation, operands);
        byte[] y = (byte[]) Objects.requireNonNull(results[0]);
        int at = 0;
        for (int x = FIRST; x + 2 < preparation.operands().size(); x += 3) {
          at += place(preparation, reader, x, y, at);
        }
      }
    };
  }

  /** Writes one part; returns the length of its rows. */
  private static int place(Preparation preparation, OperandReader reader, int x, byte[] y, int at) {
    ArrayType part = preparation.operand(x);
    ArrayType whole = preparation.result(0);
    long stated = preparation.node().intAttribute("axis", 1);
    int axis = (int) (stated < 0 ? stated + whole.rank() : stated);
    int length = part.product(axis, part.rank());
    int stride = whole.product(axis, whole.rank());
    byte[] table = table(preparation, reader, x);
    for (int row = 0; row < part.product(0, axis); row++) {
      TableKernel.map(table, (byte[]) reader.array(x), row * length, y, at + row * stride, length);
    }
    return length;
  }

  private static byte[] table(Preparation preparation, OperandReader reader, int x) {
    float yScale = reader.scale(Y_SCALE);
    int yZero = reader.zeroPoint(Y_ZERO);
    float xScale = reader.scale(x + 1);
    int xZero = reader.zeroPoint(x + 2);
    DataType type = preparation.result(0).dataType();
    boolean same = xScale == yScale && xZero == yZero && reader.dataType(x) == type;
    IntegerRange range = IntegerRange.of(preparation.node(), type);
    return TableKernel.table(
        reader.dataType(x),
        q ->
            same
                ? Math.min(Math.max(q, range.min()), range.max())
                : range.quantize(QuantizeLinear.dequantize(q, xScale, xZero), yScale, yZero));
  }
}
