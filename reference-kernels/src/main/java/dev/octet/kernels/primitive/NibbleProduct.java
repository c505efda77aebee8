package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/**
 * A matrix product with scales for groups along K and weights of 4 bits, which are multiplied where
 * they are.
 *
 * <p>An int holds the weights of two columns in its halves ({@link NibbleMatrix}), and one
 * multiplication of ints does two of weights: {@code a * (b0 + 2^16 * b1)}. What is carried from
 * the low sum into the high one, and what is lost beyond 2^32, does not matter as long as both sums
 * end within 16 bits, which {@link NibbleGroups#span} sees to. A sum begins with {@code -z_b * sum
 * a}; left integers are signed, UINT8 less 128. What it ends with is added to {@code -z_a * sum (b
 * - z_b)} in an int32 for each column.
 */
final class NibbleProduct {

  /** Rows that meet the weights of a group while those are in the first-level cache. */
  private static final int BAND = 32;

  private static final int EACH = NibbleMatrix.EACH;
  private static final int NEXT = 1 << NibbleMatrix.BITS;

  private final GroupedProduct task;
  private final NibbleGroups right;
  private final NibbleMatrix weights;
  private final GroupedWeights.Layout layout;

  /** What makes UINT8 signed: the highest bit of a byte, and what it changes. */
  private final byte flip;

  private final int less;

  NibbleProduct(GroupedProduct task, NibbleGroups right) {
    this.task = task;
    this.right = right;
    this.weights = right.weights();
    this.layout = task.right().layout();
    boolean signed = task.left().type().isSignedInteger();
    this.flip = signed ? 0 : Byte.MIN_VALUE;
    this.less = signed ? 0 : -Byte.MIN_VALUE;
  }

  void run(Workers workers) {
    int bands = (task.rows() + BAND - 1) / BAND;
    workers.forEach(
        weights.strips() * bands,
        (unit, worker) ->
            new Tile(unit % bands * BAND, unit / bands, workers.scratch(worker)).run());
  }

  /** The columns in one half of the ints of a strip. */
  private final class Side {
    private final int column;
    private final int count;
    private final int[] sums;
    private final int[] weightSums;
    private final float[] scales;
    private final float[][] results;

    Side(int column, int count, int[][] ints, float[] scales, float[][] results) {
      this.column = column;
      this.count = count;
      this.sums = ints[0];
      this.weightSums = ints[1];
      this.scales = scales;
      this.results = results;
      for (float[] row : results) {
        Arrays.fill(row, 0, count, 0f);
      }
    }

    void begin(int group) {
      task.right().sums(group, column, count, weightSums);
      right.scales(group, column, count, scales);
    }

    void write(int m, int row) {
      float[] bias = task.bias();
      float[] result = results[m];
      if (bias.length > 0) {
        for (int j = 0; j < count; j++) {
          result[j] += bias[column + j];
        }
      }
      task.result().write(result, count, row * layout.columns() + column);
    }
  }

  /** Some rows and the columns of a strip. */
  private final class Tile {
    private final int firstRow;
    private final int rows;
    private final int strip;
    private final int half;
    private final int[] factors;
    private final int[] acc;
    private final float[] converted;
    private final Side low;
    private final Side high;
    private final IntsAsFloats casts;

    Tile(int firstRow, int strip, Workers.Scratch scratch) {
      this.firstRow = firstRow;
      this.rows = Math.min(BAND, task.rows() - firstRow);
      this.strip = strip;
      this.half = weights.half();
      this.factors = scratch.ints(NibbleGroups.SPAN);
      int[][] ints = scratch.intRows(5, half);
      float[][] floats = scratch.rows(3 + 2 * rows, half);
      this.acc = ints[0];
      this.converted = floats[0];
      float[][] results = Arrays.copyOfRange(floats, 3, 3 + 2 * rows);
      int column = weights.first(strip);
      int count = Math.min(half, weights.width(strip));
      this.low =
          new Side(
              column,
              count,
              Arrays.copyOfRange(ints, 1, 3),
              floats[1],
              Arrays.copyOf(results, rows));
      this.high =
          new Side(
              column + half,
              weights.width(strip) - count,
              Arrays.copyOfRange(ints, 3, 5),
              floats[2],
              Arrays.copyOfRange(results, rows, 2 * rows));
      this.casts = new IntsAsFloats(half, task.right().largestSum());
    }

    void run() {
      for (int group = 0; group < layout.groups(); group++) {
        low.begin(group);
        high.begin(group);
        for (int m = 0; m < rows; m++) {
          addGroup(m, group);
        }
      }
      for (int m = 0; m < rows; m++) {
        low.write(m, firstRow + m);
        high.write(m, firstRow + m);
      }
    }

    private void addGroup(int m, int group) {
      int row = firstRow + m;
      int zeroPoint = task.left().zeroPoint(0, row, task.rows()) - less;
      NibbleLoops.begin(low.sums, casts.start(), zeroPoint, low.weightSums, half);
      NibbleLoops.begin(high.sums, casts.start(), zeroPoint, high.weightSums, half);
      int end = layout.end(group);
      for (int k = layout.first(group); k < end; k += right.span()) {
        addSpan(row, group, k, Math.min(right.span(), end - k));
      }
      float scale = task.leftScale(row, group);
      addScaled(low, m, scale);
      addScaled(high, m, scale);
    }

    private void addSpan(int row, int group, int k, int terms) {
      int sum = readFactors(row * layout.depth() + k, terms);
      NibbleLoops.begin(acc, right.zeros(strip, group), NibbleGroups.zeroPlace(group), -sum, half);
      int i = 0;
      for (; terms - i > EACH; i += 2 * EACH) {
        int[] first = weights.words(strip, k + i);
        NibbleLoops.addEight(factors, i, first, weights.words(strip, k + i + EACH), acc, half);
      }
      if (i < terms) {
        NibbleLoops.addFour(factors, i, weights.words(strip, k + i), acc, half);
      }
      NibbleLoops.addLow(acc, low.sums, half);
      NibbleLoops.addHigh(acc, high.sums, half);
    }

    /** Reads left integers, and zeros behind them; returns their sum. */
    private int readFactors(int from, int terms) {
      byte[] a = task.left().array();
      int sum = 0;
      int before = 0;
      int end = (terms + EACH - 1) / EACH * EACH;
      for (int i = 0; i < end; i++) {
        int element = i < terms ? (byte) (a[from + i] ^ flip) : 0;
        factors[i] = i % EACH == 0 ? element : element - NEXT * before;
        before = element;
        sum += element;
      }
      return sum;
    }

    private void addScaled(Side side, int m, float scale) {
      casts.convert(side.sums, converted, half);
      NibbleLoops.scale(converted, casts.shift(), scale, side.scales, side.results[m], half);
    }
  }
}
