package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/**
 * A {@link WideProduct} none of whose sums leaves 2^53, in exact doubles: for a strip of columns, a
 * few rows of the right matrix at a time are widened into the first-level cache, and every row of
 * the left one meets them, as in {@link PlainProduct}.
 */
final class WideTiles {

  private static final int COLUMNS = MatrixWeights.COLUMNS;

  private final WideProduct task;
  private final MatrixGeometry geometry;

  private WideTiles(WideProduct task) {
    this.task = task;
    this.geometry = task.geometry();
  }

  static void run(WideProduct task, Workers workers) {
    WideTiles tiles = new WideTiles(task);
    int strips = (tiles.geometry.columns() + COLUMNS - 1) / COLUMNS;
    int bands = (tiles.geometry.rows() + PlainProduct.BAND - 1) / PlainProduct.BAND;
    workers.forEach(
        tiles.geometry.stacks() * strips * bands,
        (unit, worker) ->
            tiles.tile(
                unit / (strips * bands),
                unit % bands * PlainProduct.BAND,
                unit / bands % strips * COLUMNS,
                workers.scratch(worker)));
  }

  private void tile(int stack, int firstRow, int column, Workers.Scratch scratch) {
    int rows = Math.min(PlainProduct.BAND, geometry.rows() - firstRow);
    int width = Math.min(COLUMNS, geometry.columns() - column);
    double[][] arrays = scratch.doubleRows(PlainProduct.TERMS + rows, COLUMNS);
    double[][] right = Arrays.copyOf(arrays, PlainProduct.TERMS);
    double[][] acc = Arrays.copyOfRange(arrays, PlainProduct.TERMS, PlainProduct.TERMS + rows);
    double[] left = scratch.doubles(PlainProduct.TERMS);
    for (int m = 0; m < rows; m++) {
      for (int j = 0; j < width; j++) {
        acc[m][j] = task.start().at(firstRow + m, column + j);
      }
    }
    for (int k = 0; k < geometry.depth(); k += PlainProduct.TERMS) {
      int terms = Math.min(PlainProduct.TERMS, geometry.depth() - k);
      for (int i = 0; i < terms; i++) {
        task.right().widen(geometry.bMatrix()[stack], k + i, column, width, right[i]);
      }
      for (int m = 0; m < rows; m++) {
        for (int i = 0; i < terms; i++) {
          left[i] = task.a()[geometry.a(geometry.aMatrix()[stack], firstRow + m, k + i)];
        }
        PairChains.accumulate(left, 0, right, 0, terms, acc[m], 0, width);
      }
    }
    SumWriter writer = SumWriter.columns(task.destination(), column, width);
    float[] rounded = scratch.floats(width);
    for (int m = 0; m < rows; m++) {
      WideSums.round(acc[m], 0, width, rounded);
      int at = (stack * geometry.rows() + firstRow + m) * geometry.columns() + column;
      writer.write(rounded, at);
    }
  }
}
