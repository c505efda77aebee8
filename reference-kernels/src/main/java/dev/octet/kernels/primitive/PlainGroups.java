package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/**
 * A matrix product with scales for groups along K, the sum of each group in {@link ExactChains}.
 *
 * <p>For a strip of columns, a few rows of a group of the right matrix at a time are widened into
 * the first-level cache, and every row of the left one meets them. A sum begins with {@code -z_a *
 * sum (b - z_b)}, so that left integers are used as they are. Sums are floats where neither such a
 * beginning nor what follows can pass 2^24 in any group; else floats are added to int32 sums before
 * they could.
 */
final class PlainGroups {

  private static final int BAND = PlainProduct.BAND;
  private static final int TERMS = PlainProduct.TERMS;
  private static final int COLUMNS = MatrixWeights.COLUMNS;

  private final GroupedProduct task;
  private final StoredGroups stored;
  private final GroupedWeights.Layout layout;
  private final boolean inInts;

  private PlainGroups(GroupedProduct task, StoredGroups stored) {
    this.task = task;
    this.stored = stored;
    this.layout = task.right().layout();
    this.inInts = 2 * task.right().largestSum() > ExactChains.BOUND;
  }

  static void run(GroupedProduct task, StoredGroups stored, Workers workers) {
    PlainGroups groups = new PlainGroups(task, stored);
    int strips = (groups.layout.columns() + COLUMNS - 1) / COLUMNS;
    int bands = (task.rows() + BAND - 1) / BAND;
    workers.forEach(
        strips * bands,
        (unit, worker) ->
            groups.new Tile(unit % bands * BAND, unit / bands * COLUMNS, workers.scratch(worker))
                .run());
  }

  /** Some rows and columns. */
  private final class Tile {
    private final int firstRow;
    private final int rows;
    private final int column;
    private final int width;
    private final StoredGroups.Strip strip;
    private final float[] scales;
    private final float[][] right;
    private final float[][] left;
    private final float[][] chains;
    private final float[][] acc;
    private final int[] sums;

    Tile(int firstRow, int column, Workers.Scratch scratch) {
      this.firstRow = firstRow;
      this.rows = Math.min(BAND, task.rows() - firstRow);
      this.column = column;
      this.width = Math.min(COLUMNS, layout.columns() - column);
      this.strip = stored.new Strip(scratch.bytes(COLUMNS), scratch.floats(COLUMNS));
      this.scales = scratch.moreFloats(COLUMNS);
      float[][] arrays = scratch.rows(TERMS + 3 * rows, COLUMNS);
      this.right = Arrays.copyOf(arrays, TERMS);
      this.left = Arrays.copyOfRange(arrays, TERMS, TERMS + rows);
      this.chains = Arrays.copyOfRange(arrays, TERMS + rows, TERMS + 2 * rows);
      this.acc = Arrays.copyOfRange(arrays, TERMS + 2 * rows, TERMS + 3 * rows);
      this.sums = scratch.ints(inInts ? rows * width : 0);
    }

    void run() {
      for (float[] row : acc) {
        Arrays.fill(row, 0, width, 0f);
      }
      for (int group = 0; group < layout.groups(); group++) {
        strip.begin(group, column, width);
        beginSums(group);
        int end = layout.end(group);
        for (int k = layout.first(group); k < end; k += TERMS) {
          int terms = Math.min(TERMS, end - k);
          strip.widen(k, terms, right);
          for (int m = 0; m < rows; m++) {
            addTerms(m, k, terms);
          }
        }
        strip.scales(scales);
        for (int m = 0; m < rows; m++) {
          addSums(m, group);
        }
      }
      write();
    }

    private void beginSums(int group) {
      for (int m = 0; m < rows; m++) {
        int zeroPoint = task.left().zeroPoint(0, firstRow + m, task.rows());
        for (int j = 0; j < width; j++) {
          int begin = -zeroPoint * task.right().sum(group, column + j);
          chains[m][j] = inInts ? 0f : (float) begin;
          if (inInts) {
            sums[m * width + j] = begin;
          }
        }
      }
    }

    private void addTerms(int m, int k, int terms) {
      MatrixOperand a = task.left();
      int from = (firstRow + m) * layout.depth() + k;
      Widening.widen(a.type(), a.array(), from, terms, 0, left[m], 0);
      FmaChains.accumulate(left[m], 0, right, 0, terms, chains[m], 0, width);
      if (inInts) {
        ExactChains.flush(chains[m], 0, width, sums, m * width);
      }
    }

    private void addSums(int m, int group) {
      float[] chain = chains[m];
      if (inInts) {
        for (int j = 0; j < width; j++) {
          chain[j] = (float) sums[m * width + j];
        }
      }
      float[] into = acc[m];
      float scale = task.leftScale(firstRow + m, group);
      for (int j = 0; j < width; j++) {
        into[j] += chain[j] * (scale * scales[j]);
      }
    }

    private void write() {
      float[] bias = task.bias();
      for (int m = 0; m < rows; m++) {
        if (bias.length > 0) {
          for (int j = 0; j < width; j++) {
            acc[m][j] += bias[column + j];
          }
        }
        task.result().write(acc[m], width, (firstRow + m) * layout.columns() + column);
      }
    }
  }
}
