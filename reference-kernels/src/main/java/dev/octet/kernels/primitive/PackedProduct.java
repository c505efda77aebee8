package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/**
 * A matrix product with scales for groups along K and weights of 4 or 8 bits, which are multiplied
 * where they are.
 *
 * <p>An int holds weights of 4 bits of two columns in its halves ({@link PackedMatrix}), and one
 * multiplication of ints does two of weights: {@code a * (b0 + 2^16 * b1)}. What is carried from
 * the low sum into the high one, and what is lost beyond 2^32, does not matter as long as both sums
 * end within 16 bits, which {@link PackedGroups#span} sees to. A sum begins with {@code -z_b * sum
 * a}; left integers are signed, UINT8 less 128. What it ends with is added to {@code -z_a * sum (b
 * - z_b)} in an int32 for each column.
 */
final class PackedProduct {

  /** Rows that meet the weights of a group while those are in the first-level cache. */
  private static final int BAND = 32;

  private static final int EACH = Packing.EACH;

  private final GroupedProduct task;
  private final PackedGroups right;
  private final Packing packing;
  private final PackedMatrix weights;
  private final GroupedWeights.Layout layout;

  /** What makes UINT8 signed: the highest bit of a byte, and what it changes. */
  private final byte flip;

  private final int less;

  PackedProduct(GroupedProduct task, PackedGroups right) {
    this.task = task;
    this.right = right;
    this.packing = right.packing();
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

  /** The columns of one side of the ints of a strip. */
  private final class Side {
    private final int column;
    private final int count;
    private final int[] sums;
    private final int[] weightSums;
    private final float[] scales;
    private final float[][] results;

    /**
     * Begins with zeros in arrays of a worker.
     *
     * @param ints arrays, of which it takes two
     * @param floats arrays, of which it takes one, and one for each row
     */
    Side(int strip, int side, int rows, int[][] ints, float[][] floats) {
      this.column = weights.first(strip, side);
      this.count = weights.count(strip, side);
      this.sums = ints[1 + 2 * side];
      this.weightSums = ints[2 + 2 * side];
      int first = 1 + side * (1 + rows);
      this.scales = floats[first];
      this.results = Arrays.copyOfRange(floats, first + 1, first + 1 + rows);
      for (float[] row : results) {
        Arrays.fill(row, 0, count, 0f);
      }
    }

    void begin(int group) {
      if (count > 0) {
        task.right().sums(group, column, count, weightSums);
        right.scales(group, column, count, scales);
      }
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
    private final int lanes;
    private final int[] factors;
    private final int[] acc;
    private final float[] converted;
    private final Side[] sides;
    private final IntsAsFloats casts;

    Tile(int firstRow, int strip, Workers.Scratch scratch) {
      this.firstRow = firstRow;
      this.rows = Math.min(BAND, task.rows() - firstRow);
      this.strip = strip;
      this.lanes = weights.lanes();
      this.factors = scratch.ints(PackedGroups.SPAN);
      int[][] ints = scratch.intRows(1 + 2 * packing.sides(), lanes);
      float[][] floats = scratch.rows(1 + packing.sides() * (1 + rows), lanes);
      this.acc = ints[0];
      this.converted = floats[0];
      this.sides = new Side[packing.sides()];
      Arrays.setAll(sides, side -> new Side(strip, side, rows, ints, floats));
      this.casts = new IntsAsFloats(lanes, task.right().largestSum());
    }

    void run() {
      for (int group = 0; group < layout.groups(); group++) {
        for (Side side : sides) {
          side.begin(group);
        }
        for (int m = 0; m < rows; m++) {
          addGroup(m, group);
        }
      }
      for (int m = 0; m < rows; m++) {
        for (Side side : sides) {
          side.write(m, firstRow + m);
        }
      }
    }

    private void addGroup(int m, int group) {
      int row = firstRow + m;
      int zeroPoint = task.left().zeroPoint(0, row, task.rows()) - less;
      for (Side side : sides) {
        beginSums(side.sums, casts.start(), zeroPoint, side.weightSums, lanes);
      }
      int end = layout.end(group);
      for (int k = layout.first(group); k < end; k += right.span()) {
        addSpan(row, group, k, Math.min(right.span(), end - k));
      }
      float scale = task.leftScale(row, group);
      for (Side side : sides) {
        casts.convert(side.sums, converted, lanes);
        addScaled(converted, casts.shift(), scale, side.scales, side.results[m], lanes);
      }
    }

    private void addSpan(int row, int group, int k, int terms) {
      int sum = readFactors(row * layout.depth() + k, terms);
      packing.begin(acc, right.zeros(strip, group), right.zeroPlace(group), -sum, lanes);
      int i = 0;
      for (; terms - i > EACH; i += 2 * EACH) {
        int[] first = weights.words(strip, k + i);
        packing.addEight(factors, i, first, weights.words(strip, k + i + EACH), acc, lanes);
      }
      if (i < terms) {
        packing.addFour(factors, i, weights.words(strip, k + i), acc, lanes);
      }
      for (int side = 0; side < sides.length; side++) {
        packing.end(acc, side, sides[side].sums, lanes);
      }
    }

    /** Reads left integers, and zeros behind them; returns their sum. */
    private int readFactors(int from, int terms) {
      byte[] a = task.left().array();
      int sum = 0;
      int before = 0;
      int end = (terms + EACH - 1) / EACH * EACH;
      for (int i = 0; i < end; i++) {
        int element = i < terms ? (byte) (a[from + i] ^ flip) : 0;
        factors[i] = i % EACH == 0 ? element : element - (before << packing.bits());
        before = element;
        sum += element;
      }
      return sum;
    }
  }

  /** Sets sums to {@code start - zeroPoint * weightSums}. */
  private static void beginSums(int[] sums, int start, int zeroPoint, int[] weightSums, int count) {
    for (int j = 0; j < count; j++) {
      sums[j] = start - zeroPoint * weightSums[j];
    }
  }

  /** Adds {@code (sums - shift) * (scale * scales)}, each operation rounded once. */
  private static void addScaled(
      float[] sums, float shift, float scale, float[] scales, float[] results, int count) {
    for (int j = 0; j < count; j++) {
      results[j] += (sums[j] - shift) * (scale * scales[j]);
    }
  }
}
