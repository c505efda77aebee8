package dev.octet.kernels.integer;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.UnarySlots;
import java.util.Objects;

/** One run of a {@link QLinearSoftmax} that has 16 bits somewhere. */
final class WideSoftmax {

  private static final QuantizedSlot INPUT = UnarySlots.INPUT;
  private static final ParameterSlot RESULT = UnarySlots.RESULT;
  private static final int GRAIN = 16;

  private final SoftmaxRows rows;
  private final DataType type;
  private final Object x;
  private final double[] exponentials;
  private final double scale;
  private final int zeroPoint;
  private final IntegerRange range;
  private final Object y;

  private WideSoftmax(
      Preparation preparation,
      SoftmaxRows rows,
      OperandReader reader,
      double[] exponentials,
      Object y) {
    this.rows = rows;
    this.type = reader.dataType(INPUT.value());
    this.x = reader.array(INPUT.value());
    this.exponentials = exponentials;
    this.scale = reader.scale(RESULT.scale());
    this.zeroPoint = reader.zeroPoint(RESULT.zeroPoint());
    this.range = IntegerRange.of(preparation.node(), preparation.result(0).dataType());
    this.y = y;
  }

  static CompiledNode compile(Compilation compilation) {
    FromOperands<double[]> exponentials =
        FromOperands.of(
            compilation,
            reader -> exponentials(reader.dataType(INPUT.value()), reader.scale(INPUT.scale())),
            INPUT.scale());
    return preparation -> {
      UnaryOperands.requireScalars(preparation);
      SoftmaxRows rows = SoftmaxRows.of(preparation, INPUT.value());
      return (operands, results, workers) -> {
        OperandReader reader = new OperandReader(preparation, operands);
        Object y = Objects.requireNonNull(results[0]);
        double[] table = exponentials.in(reader);
        WideSoftmax run = new WideSoftmax(preparation, rows, reader, table, y);
        workers.forRange(rows.count(), GRAIN, run::rows);
      };
    };
  }

  /** Returns {@code exp(-d * s_x)} for every difference of two integers of a type. */
  private static double[] exponentials(DataType type, float scale) {
    double[] table = new double[1 << type.bits()];
    for (int d = 0; d < table.length; d++) {
      table[d] = StrictMath.exp(-d * (double) scale);
    }
    return table;
  }

  private void rows(int from, int to) {
    int[] differences = new int[rows.length()];
    for (int row = from; row < to; row++) {
      row(rows.first(row), differences);
    }
  }

  private void row(int first, int[] differences) {
    int largest = Integer.MIN_VALUE;
    for (int i = 0; i < differences.length; i++) {
      differences[i] = IntegerArrays.element(type, x, first + i * rows.inner());
      largest = Math.max(largest, differences[i]);
    }
    double sum = 0;
    for (int i = 0; i < differences.length; i++) {
      differences[i] = largest - differences[i];
      sum += exponentials[differences[i]];
    }
    double whole = sum * scale;
    for (int i = 0; i < differences.length; i++) {
      double integer = Math.rint(exponentials[differences[i]] / whole) + zeroPoint;
      put(first + i * rows.inner(), (int) Math.max(range.min(), Math.min(range.max(), integer)));
    }
  }

  private void put(int index, int integer) {
    if (y instanceof byte[] bytes) {
      bytes[index] = (byte) integer;
    } else {
      ((short[]) y)[index] = (short) integer;
    }
  }
}
