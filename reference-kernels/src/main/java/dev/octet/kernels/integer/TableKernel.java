package dev.octet.kernels.integer;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.thread.Workers;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Maps each 8-bit integer of an operand to another one through a table of 256 entries. */
final class TableKernel implements Kernel {

  private static final int GRAIN = 1 << 15;

  private final Preparation preparation;
  private final int operand;
  private final FromOperands<byte[]> table;

  /**
   * Makes a kernel.
   *
   * @param preparation the node
   * @param operand the index of the operand
   * @param table gives the table of a run, see {@link #table}
   */
  TableKernel(Preparation preparation, int operand, FromOperands<byte[]> table) {
    this.preparation = preparation;
    this.operand = operand;
    this.table = table;
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    OperandReader reader = new OperandReader(preparation, operands);
    byte[] entries = table.in(reader);
    byte[] x = (byte[]) reader.array(operand);
    byte[] y = (byte[]) Objects.requireNonNull(results[0]);
    workers.forRange(
        preparation.result(0).count(),
        GRAIN,
        (from, to) -> map(entries, x, from, y, from, to - from));
  }

  /** Returns the value of a function at every integer of an 8-bit type, by the integer's bits. */
  static byte[] table(DataType type, IntUnaryOperator function) {
    byte[] table = new byte[256];
    IntegerRange range = IntegerRange.of(type);
    for (int q = range.min(); q <= range.max(); q++) {
      table[q & 0xFF] = (byte) function.applyAsInt(q);
    }
    return table;
  }

  /** Maps a stretch of elements. */
  static void map(byte[] table, byte[] x, int from, byte[] y, int at, int count) {
    for (int i = 0; i < count; i++) {
      y[at + i] = table[x[from + i] & 0xFF];
    }
  }
}
