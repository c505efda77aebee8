package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/**
 * A matrix product in {@link ExactChains}.
 *
 * <p>For a strip of columns, a few rows of the right matrix at a time are widened into the
 * first-level cache, and every row of the left one meets them. Sums stay floats as long as the
 * magnitudes of the terms allow; before they could pass 2^24 they are added to int32 sums.
 */
final class PlainProduct {

  /** Rows that are worth a piece of work of their own, and share what is widened. */
  static final int BAND = 128;

  /** Terms whose right rows are in the first-level cache together. */
  static final int TERMS = 32;

  private final MatrixProduct task;
  private final MatrixGeometry geometry;
  private final long largestLeft;
  private final long largestAddend;

  private PlainProduct(MatrixProduct task) {
    this.task = task;
    this.geometry = task.geometry();
    this.largestLeft = task.left().largest();
    this.largestAddend = task.addend().largest();
  }

  static void run(MatrixProduct task, Workers workers) {
    new PlainProduct(task).run(workers);
  }

  private void run(Workers workers) {
    int strips = (geometry.columns() + MatrixWeights.COLUMNS - 1) / MatrixWeights.COLUMNS;
    int bands = (geometry.rows() + BAND - 1) / BAND;
    workers.forEach(
        geometry.stacks() * strips * bands,
        (unit, worker) -> {
          int strip = unit / bands % strips;
          new Tile(
                  unit / (strips * bands),
                  unit % bands * BAND,
                  strip * MatrixWeights.COLUMNS,
                  workers.scratch(worker))
              .run();
        });
  }

  /** Some rows and columns of one product. */
  private final class Tile {
    private final int stack;
    private final int firstRow;
    private final int rows;
    private final int column;
    private final int width;
    private final float[][] right;
    private final float[][] left;
    private final float[][] acc;
    private final int[] sums;
    private final byte[] buffer;
    private boolean inInts;

    Tile(int stack, int firstRow, int column, Workers.Scratch scratch) {
      this.stack = stack;
      this.firstRow = firstRow;
      this.rows = Math.min(BAND, geometry.rows() - firstRow);
      this.column = column;
      this.width = Math.min(MatrixWeights.COLUMNS, geometry.columns() - column);
      float[][] arrays = scratch.rows(TERMS + 2 * rows, MatrixWeights.COLUMNS);
      this.right = Arrays.copyOf(arrays, TERMS);
      this.left = Arrays.copyOfRange(arrays, TERMS, TERMS + rows);
      this.acc = Arrays.copyOfRange(arrays, TERMS + rows, TERMS + 2 * rows);
      this.sums = scratch.ints(rows * width);
      this.buffer = scratch.bytes(width);
    }

    void run() {
      int matrix = geometry.bMatrix()[stack];
      inInts = largestAddend > ExactChains.BOUND;
      long reach = inInts ? 0 : largestAddend;
      start();
      for (int k = 0; k < geometry.depth(); k += ExactChains.SAFE_TERMS) {
        long more = largestLeft * task.right().magnitude(matrix, k, column);
        if (reach + more > ExactChains.BOUND) {
          flush();
          reach = 0;
        }
        reach += more;
        add(matrix, k, Math.min(k + ExactChains.SAFE_TERMS, geometry.depth()));
      }
      if (inInts) {
        flush();
      }
      write();
    }

    private void start() {
      for (int m = 0; m < rows; m++) {
        for (int j = 0; j < width; j++) {
          int value = task.addend().value(firstRow + m, column + j);
          acc[m][j] = inInts ? 0f : (float) value;
          sums[m * width + j] = inInts ? value : 0;
        }
      }
    }

    private void flush() {
      inInts = true;
      for (int m = 0; m < rows; m++) {
        ExactChains.flush(acc[m], 0, width, sums, m * width);
      }
    }

    private void add(int matrix, int firstTerm, int lastTerm) {
      for (int m = 0; m < rows; m++) {
        widenLeft(m, firstTerm, lastTerm - firstTerm);
      }
      for (int k = firstTerm; k < lastTerm; k += TERMS) {
        int terms = Math.min(TERMS, lastTerm - k);
        for (int i = 0; i < terms; i++) {
          task.right().widen(matrix, k + i, column, width, buffer, right[i]);
        }
        for (int m = 0; m < rows; m++) {
          FmaChains.accumulate(left[m], k - firstTerm, right, 0, terms, acc[m], 0, width);
        }
      }
    }

    private void widenLeft(int m, int term, int terms) {
      MatrixOperand a = task.left();
      int matrix = geometry.aMatrix()[stack];
      int zeroPoint = a.zeroPoint(matrix, firstRow + m, geometry.rows());
      int from = geometry.a(matrix, firstRow + m, term);
      if (!geometry.aTransposed()) {
        Widening.widen(a.type(), a.array(), from, terms, zeroPoint, left[m], 0);
        return;
      }
      for (int i = 0; i < terms; i++) {
        int at = from + i * geometry.rows();
        Widening.widen(a.type(), a.array(), at, 1, zeroPoint, left[m], i);
      }
    }

    private void write() {
      SumWriter writer = SumWriter.columns(task.destination(), column, width);
      for (int m = 0; m < rows; m++) {
        int at = (stack * geometry.rows() + firstRow + m) * geometry.columns() + column;
        if (inInts) {
          writer.write(sums, m * width, acc[m], at);
        } else {
          writer.write(acc[m], at);
        }
      }
    }
  }
}
