package dev.octet.kernels.normalize;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.compile.KernelDataException;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.real.RealOperands;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.thread.Workers;
import java.util.List;
import java.util.Optional;

/**
 * com.microsoft EmbedLayerNormalization of input_ids, segment_ids, word_embedding,
 * position_embedding, segment_embedding, gamma, beta, mask and position_ids: {@code s} is the sum
 * of the rows that the numbers of a place name, and the result {@code (s - mean) / sqrt(variance +
 * epsilon) * gamma + beta}, in double, rounded once. Positions count from 0 where none are stated.
 * Result 1 counts the ones of each batch's mask, and is 0 without a mask; result 2 is s.
 */
final class EmbedNormalization implements RealKernel.Body {

  private static final int SEGMENTS = 1;
  private static final int WORD_ROWS = 2;
  private static final int POSITION_ROWS = 3;
  private static final int SEGMENT_ROWS = 4;
  private static final int GAMMA = 5;
  private static final int BETA = 6;
  private static final int MASK = 7;
  private static final int POSITIONS = 8;

  private final int batches;
  private final int length;
  private final int size;
  private final double epsilon;
  private final Preparation preparation;

  private EmbedNormalization(Preparation preparation) {
    this.preparation = preparation;
    this.batches = preparation.operand(0).size(0);
    this.length = preparation.operand(0).size(1);
    this.size = preparation.operand(WORD_ROWS).size(1);
    this.epsilon = preparation.node().floatAttribute("epsilon", 1e-12f);
  }

  static RealKernel.Body prepare(Preparation preparation) {
    return new EmbedNormalization(preparation);
  }

  static List<Optional<TensorType>> shape(ShapeContext context) {
    context.requireRank(0, 2, 2);
    context.requireRank(WORD_ROWS, 2, 2);
    if (context.has(SEGMENTS) != context.has(SEGMENT_ROWS)) {
      throw new ShapeMismatchException("segments without rows, or rows of segments without them");
    }
    Optional<List<Dimension>> ids = context.dimensions(0);
    Optional<List<Dimension>> rows = context.dimensions(WORD_ROWS);
    if (ids.isEmpty() || rows.isEmpty()) {
      return List.of();
    }
    requireNumbers(context, ids.get().get(0), ids.get().get(1));
    requireRows(context, rows.get().get(1));
    Optional<TensorType> y =
        ShapeContext.type(
            context.dataType(WORD_ROWS),
            Optional.of(new Shape(List.of(ids.get().get(0), ids.get().get(1), rows.get().get(1)))));
    Shape batch = new Shape(List.of(ids.get().get(0)));
    return List.of(y, Optional.of(new TensorType(DataType.INT32, Optional.of(batch))), y);
  }

  private static void requireNumbers(ShapeContext context, Dimension batches, Dimension length) {
    context.requireSizes(SEGMENTS, batches, length);
    context.requireSizes(MASK, batches, length);
    boolean one =
        context
            .dimensions(POSITIONS)
            .filter(d -> d.size() == 2 && d.get(0).equals(Dimension.of(1)))
            .isPresent();
    context.requireSizes(POSITIONS, one ? Dimension.of(1) : batches, length);
  }

  private static void requireRows(ShapeContext context, Dimension size) {
    for (int table : new int[] {POSITION_ROWS, SEGMENT_ROWS}) {
      context.requireRank(table, 2, 2);
      context.dimensions(table).ifPresent(d -> context.requireSizes(table, d.get(0), size));
    }
    context.requireSizes(GAMMA, size);
    context.requireSizes(BETA, size);
  }

  @Override
  public void run(RealOperands operands, double[][] results, Workers workers) {
    double[] sum = new double[batches * length * size];
    addRows(operands.integers(0), operands, WORD_ROWS, sum);
    addRows(positions(operands), operands, POSITION_ROWS, sum);
    if (operands.has(SEGMENTS)) {
      addRows(operands.integers(SEGMENTS), operands, SEGMENT_ROWS, sum);
    }
    double[] gamma = operands.reals(GAMMA);
    Spread.normalise(sum, true, epsilon, gamma, operands.reals(BETA), results[0]);
    if (results.length > 1 && operands.has(MASK)) {
      count(operands.integers(MASK), results[1]);
    }
    if (results.length > 2) {
      System.arraycopy(sum, 0, results[2], 0, sum.length);
    }
  }

  private long[] positions(RealOperands operands) {
    if (operands.has(POSITIONS)) {
      return operands.integers(POSITIONS);
    }
    long[] positions = new long[length];
    for (int i = 0; i < length; i++) {
      positions[i] = i;
    }
    return positions;
  }

  /** Adds a row of a table to each place; numbers of one batch are those of each. */
  private void addRows(long[] numbers, RealOperands operands, int operand, double[] sum) {
    double[] table = operands.reals(operand);
    int rows = preparation.operand(operand).size(0);
    for (int place = 0; place < batches * length; place++) {
      long number = numbers[place % numbers.length];
      if (number < 0 || number >= rows) {
        throw new KernelDataException("row " + number + " of " + rows);
      }
      for (int i = 0; i < size; i++) {
        sum[place * size + i] += table[(int) number * size + i];
      }
    }
  }

  private void count(long[] mask, double[] counts) {
    for (int i = 0; i < mask.length; i++) {
      counts[i / length] += mask[i] == 1 ? 1 : 0;
    }
  }
}
