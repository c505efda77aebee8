package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/**
 * A matrix product of few rows, for which widening would cost more than the products: four 8-bit
 * integers of the right matrix are read as one int, and multiplied where they are in it.
 *
 * <p>{@code acc[n] = c[n] + sum over k of (a[k] - z_a) * b[k, n] - z_b * sum over k of (a[k] -
 * z_a)}, modulo 2^32. The sums of columns {@code 4 j}, {@code 4 j + 1}, ... are in an array each.
 * Unsigned integers become signed ones by flipping their highest bits, which is to subtract 128.
 */
final class WordProduct {

  /** The largest number of rows that is faster so than by {@link PlainProduct}. */
  static final int ROWS = 4;

  private static final int COLUMNS = 1024;
  private static final int EACH = 4;
  private static final int HIGHEST_BITS = 0x80808080;

  private final MatrixProduct task;
  private final MatrixGeometry geometry;
  private final int flip;

  private WordProduct(MatrixProduct task) {
    this.task = task;
    this.geometry = task.geometry();
    this.flip = task.right().stored().type().isSignedInteger() ? 0 : HIGHEST_BITS;
  }

  /** Tells whether a product can be computed so. */
  static boolean fits(MatrixProduct task) {
    return task.geometry().rows() <= ROWS
        && task.geometry().columns() % EACH == 0
        && task.right().stored().type().bits() == Byte.SIZE;
  }

  static void run(MatrixProduct task, Workers workers) {
    WordProduct product = new WordProduct(task);
    int strips = (product.geometry.columns() + COLUMNS - 1) / COLUMNS;
    workers.forEach(
        product.geometry.stacks() * strips,
        (unit, worker) ->
            product.strip(unit / strips, unit % strips * COLUMNS, workers.scratch(worker)));
  }

  private void strip(int stack, int column, Workers.Scratch scratch) {
    int width = Math.min(COLUMNS, geometry.columns() - column);
    int rows = geometry.rows();
    int[][] arrays =
        scratch.intRows(EACH * (1 + rows) + rows, Math.max(COLUMNS, geometry.depth() + EACH));
    int[][] words = Arrays.copyOf(arrays, EACH);
    int[][] left = Arrays.copyOfRange(arrays, EACH, EACH + rows);
    int[][] acc = Arrays.copyOfRange(arrays, EACH + rows, EACH + rows + EACH * rows);
    for (int m = 0; m < rows; m++) {
      widenLeft(stack, m, left[m]);
    }
    for (int[] sums : acc) {
      Arrays.fill(sums, 0, width / EACH, 0);
    }
    for (int k = 0; k < geometry.depth(); k += EACH) {
      read(stack, k, column, width / EACH, words);
      for (int i = 0; i < acc.length; i++) {
        add(left[i / EACH], k, words, i % EACH, acc[i], width / EACH);
      }
    }
    write(stack, column, width, left, acc, scratch.floats(width));
  }

  private void widenLeft(int stack, int row, int[] into) {
    MatrixOperand a = task.left();
    int matrix = geometry.aMatrix()[stack];
    int zeroPoint = a.zeroPoint(matrix, row, geometry.rows());
    boolean signed = a.type().isSignedInteger();
    for (int k = 0; k < geometry.depth(); k++) {
      byte element = a.array()[geometry.a(matrix, row, k)];
      into[k] = (signed ? element : element & 0xFF) - zeroPoint;
    }
    // Terms behind the last one meet whatever their words hold.
    Arrays.fill(into, geometry.depth(), geometry.depth() + EACH, 0);
  }

  private void read(int stack, int firstTerm, int column, int count, int[][] words) {
    int terms = Math.min(EACH, geometry.depth() - firstTerm);
    for (int i = 0; i < terms; i++) {
      int[] into = words[i];
      task.right().words(geometry.bMatrix()[stack], firstTerm + i, column, count, into);
      if (flip != 0) {
        for (int j = 0; j < count; j++) {
          into[j] ^= HIGHEST_BITS;
        }
      }
    }
  }

  /** Adds four terms of the columns that are byte {@code index} of their words. */
  private static void add(int[] left, int k, int[][] words, int index, int[] acc, int count) {
    add(
        left[k],
        left[k + 1],
        left[k + 2],
        left[k + 3],
        words[0],
        words[1],
        words[2],
        words[3],
        (EACH - 1 - index) * Byte.SIZE,
        acc,
        count);
  }

  private static void add(
      int a0,
      int a1,
      int a2,
      int a3,
      int[] w0,
      int[] w1,
      int[] w2,
      int[] w3,
      int up,
      int[] acc,
      int count) {
    for (int j = 0; j < count; j++) {
      acc[j] +=
          a0 * (w0[j] << up >> 24)
              + a1 * (w1[j] << up >> 24)
              + a2 * (w2[j] << up >> 24)
              + a3 * (w3[j] << up >> 24);
    }
  }

  private void write(int stack, int column, int width, int[][] left, int[][] acc, float[] scratch) {
    int[] sums = new int[width];
    SumWriter writer = SumWriter.columns(task.destination(), column, width);
    for (int m = 0; m < geometry.rows(); m++) {
      int leftSum = Arrays.stream(left[m], 0, geometry.depth()).sum();
      for (int j = 0; j < width; j++) {
        int zeroPoint =
            task.right().zeroPoint(geometry.bMatrix()[stack], column + j) - (flip == 0 ? 0 : 128);
        int sum = acc[m * EACH + j % EACH][j / EACH] - zeroPoint * leftSum;
        sums[j] = sum + task.addend().value(m, column + j);
      }
      int at = (stack * geometry.rows() + m) * geometry.columns() + column;
      writer.write(sums, 0, scratch, at);
    }
  }
}
