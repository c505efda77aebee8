package dev.octet.kernels.integer;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.primitive.MatrixGeometry;
import dev.octet.kernels.registry.Workers;
import java.util.Arrays;

/**
 * The sums of a matrix product over integers: {@code acc[m, n] = sum over k of (a[m, k] - z_a) *
 * (b[k, n] - z_b)} in int32, with a zero point for a matrix as a whole, for each row of the left
 * one, or for each column of the right one.
 *
 * <p>The right matrix is widened in blocks of columns, one array for each k; each row of the left
 * one is one pass of {@link IntegerProduct} over a block.
 */
final class IntegerMatMul {

  /** One operand: 8-bit elements and their zero points. */
  @SuppressWarnings("ArrayRecordComponent") // Internal: never compared, never handed out.
  record Operand(DataType type, Object array, int[] zeroPoints) {

    /** Returns the operand at an index, whose zero points stand at another one. */
    static Operand of(OperandReader reader, int index, int zeroIndex) {
      return new Operand(reader.dataType(index), reader.array(index), reader.zeroPoints(zeroIndex));
    }

    /**
     * The zero point of a row or column: zero points are given for the operand as a whole, for each
     * line of a matrix, or for each line of each matrix.
     */
    int zeroPoint(int matrix, int line, int lines) {
      if (zeroPoints.length == 1) {
        return zeroPoints[0];
      }
      return zeroPoints[zeroPoints.length == lines ? line : matrix * lines + line];
    }
  }

  /** Takes the sums of one row at neighbouring columns. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes sums.
     *
     * @param sums the sums, from index 0
     * @param count how many
     * @param row the row, counted over all products
     * @param column the first column
     */
    void accept(int[] sums, int count, int row, int column);
  }

  private static final int BLOCK = 256;

  /** Rows that are worth a piece of work of their own. */
  private static final int ROW_BAND = 64;

  private final MatrixGeometry geometry;

  IntegerMatMul(MatrixGeometry geometry) {
    this.geometry = geometry;
  }

  /** Returns a right operand in the form that {@link #run} reads: [matrix and block][k][column]. */
  static int[][][] widen(Operand b, MatrixGeometry.Right right) {
    int blocks = blocks(right.columns());
    int[][][] widened = new int[right.matrices() * blocks][right.depth()][];
    for (int i = 0; i < widened.length; i++) {
      int width = width(i % blocks, right.columns());
      for (int k = 0; k < right.depth(); k++) {
        widened[i][k] = new int[width];
      }
      widen(b, right, i / blocks, i % blocks, widened[i]);
    }
    return widened;
  }

  /** Computes all sums with a right operand that was widened before. */
  void run(Operand a, int[][][] b, Sink sink, Workers workers) {
    int blocks = blocks(geometry.columns());
    int bands = (geometry.rows() + ROW_BAND - 1) / ROW_BAND;
    workers.forEach(
        geometry.stacks() * blocks * bands,
        (unit, worker) -> {
          int stack = unit / (blocks * bands);
          int block = unit / bands % blocks;
          int first = unit % bands * ROW_BAND;
          int last = Math.min(first + ROW_BAND, geometry.rows());
          int[][] rows = b[geometry.bMatrix()[stack] * blocks + block];
          multiply(a, rows, stack, block, first, last, sink, workers.scratch(worker));
        });
  }

  /** Computes all sums with a right operand that is only known now. */
  void run(Operand a, Operand b, Sink sink, Workers workers) {
    int blocks = blocks(geometry.columns());
    workers.forEach(
        geometry.stacks() * blocks,
        (unit, worker) -> {
          int stack = unit / blocks;
          int block = unit % blocks;
          Workers.Scratch scratch = workers.scratch(worker);
          int[][] rows = scratch.intRows(geometry.depth(), BLOCK);
          widen(b, geometry.right(), geometry.bMatrix()[stack], block, rows);
          multiply(a, rows, stack, block, 0, geometry.rows(), sink, scratch);
        });
  }

  private void multiply(
      Operand a,
      int[][] b,
      int stack,
      int block,
      int firstRow,
      int lastRow,
      Sink sink,
      Workers.Scratch scratch) {
    int width = width(block, geometry.columns());
    int[] row = scratch.ints(geometry.depth());
    int[] sums = new int[width];
    for (int m = firstRow; m < lastRow; m++) {
      widenRow(a, geometry.aMatrix()[stack], m, row);
      Arrays.fill(sums, 0);
      IntegerProduct.accumulate(row, 0, b, geometry.depth(), sums, width);
      sink.accept(sums, width, stack * geometry.rows() + m, block * BLOCK);
    }
  }

  private void widenRow(Operand a, int matrix, int m, int[] into) {
    int zeroPoint = a.zeroPoint(matrix, m, geometry.rows());
    if (!geometry.aTransposed()) {
      int from = geometry.a(matrix, m, 0);
      IntegerArrays.widen(a.type, a.array, from, geometry.depth(), zeroPoint, into, 0);
      return;
    }
    for (int k = 0; k < geometry.depth(); k++) {
      into[k] = IntegerArrays.element(a.type, a.array, geometry.a(matrix, m, k)) - zeroPoint;
    }
  }

  private static void widen(
      Operand b, MatrixGeometry.Right right, int matrix, int block, int[][] into) {
    int width = width(block, right.columns());
    for (int k = 0; k < right.depth(); k++) {
      for (int j = 0; j < width; j++) {
        int column = block * BLOCK + j;
        into[k][j] =
            IntegerArrays.element(b.type, b.array, right.index(matrix, k, column))
                - b.zeroPoint(matrix, column, right.columns());
      }
    }
  }

  private static int blocks(int columns) {
    return (columns + BLOCK - 1) / BLOCK;
  }

  private static int width(int block, int columns) {
    return Math.min(BLOCK, columns - block * BLOCK);
  }

  /**
   * Returns the largest magnitude that a sum over an 8-bit left operand can have: {@code max over n
   * of 255 * sum over k of |b[k, n]|}.
   */
  static long largestSum(int[][][] b) {
    long largest = 0;
    for (int[][] block : b) {
      int columns = block.length == 0 ? 0 : block[0].length;
      for (int j = 0; j < columns; j++) {
        long sum = 0;
        for (int[] row : block) {
          sum += 255L * Math.abs(row[j]);
        }
        largest = Math.max(largest, sum);
      }
    }
    return largest;
  }
}
