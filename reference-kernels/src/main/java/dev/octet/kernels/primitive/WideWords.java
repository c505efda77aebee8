package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/**
 * A {@link WideProduct} of few rows, for which widening would cost more than the products: in
 * int32, with the left elements in two parts.
 *
 * <p>{@code acc[n] = c[n] + 2^8 * sum over k of h[k] * b[k, n] + sum over k of l[k] * b[k, n] - z_b
 * * sum over k of a[k]}, where {@code a = 2^8 * h + l} and {@code 0 <= l < 2^8}. A left element
 * less its zero point has 17 bits, so {@code -2^8 <= h < 2^8}; with {@code -2^15 <= b < 2^15} sums
 * of 252 terms stay in int32, with 8 bits those of 65 532. They are added to sums of 64 bits before
 * there could be more terms.
 */
final class WideWords {

  /** The largest number of rows that is faster so than by {@link WideTiles}. */
  static final int ROWS = 4;

  private static final int COLUMNS = 1024;
  private static final int TERMS = 4;
  private static final int LOW = 8;
  private static final int MASK = (1 << LOW) - 1;

  private final WideProduct task;
  private final MatrixGeometry geometry;
  private final WideWeights right;
  private final int each;
  private final int safeTerms;

  private WideWords(WideProduct task) {
    this.task = task;
    this.geometry = task.geometry();
    this.right = task.right();
    this.each = right.each();
    long largest = 1L << (LOW + right.bits() - 1);
    this.safeTerms = (int) (Integer.MAX_VALUE / largest) / TERMS * TERMS;
  }

  static void run(WideProduct task, Workers workers) {
    WideWords product = new WideWords(task);
    int strips = (product.geometry.columns() + COLUMNS - 1) / COLUMNS;
    workers.forEach(
        product.geometry.stacks() * strips,
        (unit, worker) ->
            product.new Strip(unit / strips, unit % strips * COLUMNS, workers.scratch(worker))
                .run());
  }

  /** All rows and some columns of one product. */
  private final class Strip {
    private final int stack;
    private final int column;
    private final int width;
    private final int count;

    /** Terms of the columns with one place in their ints, four for each place. */
    private final int[][] terms;

    /** For each row and each place of columns, the sums of one part of the left elements. */
    private final int[][] high;

    private final int[][] low;
    private final long[] sums;
    private final float[] rounded;

    Strip(int stack, int column, Workers.Scratch scratch) {
      this.stack = stack;
      this.column = column;
      this.width = Math.min(COLUMNS, geometry.columns() - column);
      this.count = (width + each - 1) / each;
      int places = geometry.rows() * each;
      int before = TERMS * each;
      int[][] arrays = scratch.intRows(before + 2 * places, COLUMNS);
      this.terms = Arrays.copyOf(arrays, before);
      this.high = Arrays.copyOfRange(arrays, before, before + places);
      this.low = Arrays.copyOfRange(arrays, before + places, before + 2 * places);
      this.sums = scratch.longs(places * count);
      this.rounded = scratch.floats(width);
    }

    void run() {
      Arrays.fill(sums, 0, high.length * count, 0);
      for (int first = 0; first < geometry.depth(); first += safeTerms) {
        for (int i = 0; i < high.length; i++) {
          Arrays.fill(high[i], 0, count, 0);
          Arrays.fill(low[i], 0, count, 0);
        }
        int end = Math.min(first + safeTerms, geometry.depth());
        for (int k = first; k < end; k += TERMS) {
          read(k, Math.min(TERMS, end - k));
          for (int i = 0; i < high.length; i++) {
            add(i, k);
          }
        }
        for (int i = 0; i < high.length; i++) {
          flush(high[i], low[i], sums, i * count, count);
        }
      }
      for (int row = 0; row < geometry.rows(); row++) {
        write(row);
      }
    }

    private void read(int k, int some) {
      for (int i = 0; i < some; i++) {
        for (int place = 0; place < each; place++) {
          right.read(
              geometry.bMatrix()[stack], k + i, column, place, terms[place * TERMS + i], count);
        }
      }
    }

    private void add(int sum, int k) {
      int row = sum / each;
      int a0 = left(row, k);
      int a1 = left(row, k + 1);
      int a2 = left(row, k + 2);
      int a3 = left(row, k + 3);
      int first = sum % each * TERMS;
      int[] b0 = terms[first];
      int[] b1 = terms[first + 1];
      int[] b2 = terms[first + 2];
      int[] b3 = terms[first + 3];
      WideWords.add(a0 >> LOW, a1 >> LOW, a2 >> LOW, a3 >> LOW, b0, b1, b2, b3, high[sum], count);
      WideWords.add(a0 & MASK, a1 & MASK, a2 & MASK, a3 & MASK, b0, b1, b2, b3, low[sum], count);
    }

    /** Terms behind the last one meet whatever there is in their place. */
    private int left(int row, int k) {
      return k < geometry.depth() ? task.a()[geometry.a(geometry.aMatrix()[stack], row, k)] : 0;
    }

    private void write(int row) {
      int matrix = geometry.bMatrix()[stack];
      long leftSum = 0;
      for (int k = 0; k < geometry.depth(); k++) {
        leftSum += left(row, k);
      }
      for (int j = 0; j < width; j++) {
        long products = sums[(row * each + j % each) * count + j / each];
        long zeros = right.zeroPoint(matrix, column + j) * leftSum;
        rounded[j] = (float) (task.start().at(row, column + j) + products - zeros);
      }
      int at = (stack * geometry.rows() + row) * geometry.columns() + column;
      SumWriter.columns(task.destination(), column, width).write(rounded, at);
    }
  }

  private static void add(
      int a0,
      int a1,
      int a2,
      int a3,
      int[] b0,
      int[] b1,
      int[] b2,
      int[] b3,
      int[] acc,
      int count) {
    for (int j = 0; j < count; j++) {
      acc[j] += a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
    }
  }

  private static void flush(int[] high, int[] low, long[] sums, int at, int count) {
    for (int j = 0; j < count; j++) {
      sums[at + j] += ((long) high[j] << LOW) + low[j];
    }
  }
}
