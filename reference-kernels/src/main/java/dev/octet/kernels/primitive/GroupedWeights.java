package dev.octet.kernels.primitive;

import java.util.Arrays;
import java.util.Optional;

/**
 * The right matrix of a product as it is stored, with a scale for each group of neighbouring k of
 * each column: {@code b - z} of some columns is widened when it is needed. Beside what was given it
 * holds {@code sum (b - z)} of each group, which carries the zero points of the left matrix.
 * Immutable and thread-safe.
 */
public final class GroupedWeights {

  private final Layout layout;
  private final StoredIntegers stored;
  private final float[] scales;
  private final Optional<StoredIntegers> zeroPoints;
  private final int[] sums;
  private final long largestGroup;

  /**
   * Takes weights.
   *
   * @param stored the integers, of at most 8 bits
   * @param scales a scale for each group of each column, [groups, N], or [N, groups] where the
   *     integers are [N, K]; not copied
   * @param zeroPoints zero points of the integers' type, one for each scale; 0 where there are none
   * @param layout the sizes
   * @throws IllegalArgumentException if the number of scales is not that of groups
   */
  public GroupedWeights(
      StoredIntegers stored, float[] scales, Optional<StoredIntegers> zeroPoints, Layout layout) {
    if (scales.length != layout.groups() * layout.columns()) {
      throw new IllegalArgumentException(
          scales.length + " scales for " + layout.groups() * layout.columns() + " groups");
    }
    this.layout = layout;
    this.stored = stored;
    this.scales = scales;
    this.zeroPoints = zeroPoints;
    this.sums = new int[scales.length];
    this.largestGroup = measure();
  }

  /**
   * How a matrix lies, and what shares a scale.
   *
   * @param depth K
   * @param columns N
   * @param size how many neighbouring k share a scale, at least 1; the last group of a column is
   *     shorter where it does not divide K
   * @param transposed whether the integers are stored [N, K]
   */
  public record Layout(int depth, int columns, int size, boolean transposed) {

    /**
     * Checks the size of a group.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Layout {
      if (size < 1) {
        throw new IllegalArgumentException("groups of " + size + " are below 1");
      }
    }

    /** Returns how many groups a column has. */
    public int groups() {
      return depth / size + (depth % size == 0 ? 0 : 1);
    }

    /** Returns the first k of a group. */
    int first(int group) {
      return group * size;
    }

    /** Returns the k behind the last one of a group. */
    int end(int group) {
      return Math.min(size, depth - group * size) + group * size;
    }

    private int element(int k, int column) {
      return transposed ? column * depth + k : k * columns + column;
    }

    private int scale(int group, int column) {
      return transposed ? column * groups() + group : group * columns + column;
    }
  }

  /** Fills the sums; returns the largest {@code sum |b - z|} of a group. */
  private long measure() {
    Strip strip = new Strip(new byte[MatrixWeights.COLUMNS], new float[MatrixWeights.COLUMNS]);
    float[][] row = new float[1][MatrixWeights.COLUMNS];
    long largest = 0;
    for (int group = 0; group < layout.groups(); group++) {
      for (int column = 0; column < layout.columns(); column += MatrixWeights.COLUMNS) {
        int width = Math.min(MatrixWeights.COLUMNS, layout.columns() - column);
        strip.begin(group, column, width);
        largest = Math.max(largest, measure(strip, row));
      }
    }
    return largest;
  }

  private long measure(Strip strip, float[][] row) {
    long[] magnitudes = new long[strip.width];
    int first = strip.group * layout.columns() + strip.column;
    for (int k = layout.first(strip.group); k < layout.end(strip.group); k++) {
      strip.widen(k, 1, row);
      for (int j = 0; j < strip.width; j++) {
        sums[first + j] += (int) row[0][j];
        magnitudes[j] += (int) Math.abs(row[0][j]);
      }
    }
    return Arrays.stream(magnitudes).max().orElse(0);
  }

  /** Returns the sizes. */
  public Layout layout() {
    return layout;
  }

  /** Returns {@code f32(b - z) * s} of every integer, in the order of the integers. */
  public float[] dequantized() {
    Strip strip = new Strip(new byte[MatrixWeights.COLUMNS], new float[MatrixWeights.COLUMNS]);
    float[][] row = new float[1][MatrixWeights.COLUMNS];
    float[] all = new float[Math.multiplyExact(layout.depth(), layout.columns())];
    for (int group = 0; group < layout.groups(); group++) {
      for (int column = 0; column < layout.columns(); column += MatrixWeights.COLUMNS) {
        strip.begin(group, column, Math.min(MatrixWeights.COLUMNS, layout.columns() - column));
        for (int k = layout.first(group); k < layout.end(group); k++) {
          strip.widen(k, 1, row);
          for (int j = 0; j < strip.width; j++) {
            all[layout.element(k, column + j)] =
                row[0][j] * scales[layout.scale(group, column + j)];
          }
        }
      }
    }
    return all;
  }

  /**
   * Returns the largest magnitude that the sum of a group can have beside an 8-bit left operand:
   * {@code max over g, n of 255 * sum over k in g of |b[k, n] - z[g, n]|}. Below 2^31 every sum is
   * exact in int32.
   */
  public long largestSum() {
    return 255 * largestGroup;
  }

  /** A worker's view of one group of neighbouring columns; it widens into the worker's arrays. */
  final class Strip {
    private final byte[] buffer;
    private final float[] zeros;
    private int group;
    private int column;
    private int width;

    /**
     * Makes a view.
     *
     * @param buffer as long as the largest width and number of terms, overwritten
     * @param zeros as long as the largest width, overwritten
     */
    Strip(byte[] buffer, float[] zeros) {
      this.buffer = buffer;
      this.zeros = zeros;
    }

    /** Turns to a group of columns {@code column} to {@code column + width - 1}. */
    void begin(int group, int column, int width) {
      this.group = group;
      this.column = column;
      this.width = width;
      if (zeroPoints.isEmpty()) {
        return;
      }
      if (!layout.transposed()) {
        zeroPoints.get().widen(layout.scale(group, column), width, 0, buffer, zeros);
        return;
      }
      float[] one = new float[1];
      for (int j = 0; j < width; j++) {
        zeroPoints.get().widen(layout.scale(group, column + j), 1, 0, buffer, one);
        zeros[j] = one[0];
      }
    }

    /** Writes {@code b - z} of neighbouring k of the group, a row for each. */
    void widen(int k, int terms, float[][] rows) {
      if (layout.transposed()) {
        widenColumns(k, terms, rows);
        return;
      }
      for (int i = 0; i < terms; i++) {
        float[] row = rows[i];
        stored.widen(layout.element(k + i, column), width, 0, buffer, row);
        if (zeroPoints.isPresent()) {
          for (int j = 0; j < width; j++) {
            row[j] -= zeros[j];
          }
        }
      }
    }

    private void widenColumns(int k, int terms, float[][] rows) {
      int mask = stored.type().isSignedInteger() ? -1 : 0xFF;
      for (int j = 0; j < width; j++) {
        stored.read(layout.element(k, column + j), terms, buffer);
        float zero = zeroPoints.isPresent() ? zeros[j] : 0f;
        for (int i = 0; i < terms; i++) {
          rows[i][j] = (float) (buffer[i] & mask) - zero;
        }
      }
    }

    /** Writes the scales of the group, from index 0. */
    void scales(float[] into) {
      for (int j = 0; j < width; j++) {
        into[j] = scales[layout.scale(group, column + j)];
      }
    }

    /** Returns {@code sum (b - z)} of the group in a column of the strip. */
    int sum(int j) {
      return sums[group * layout.columns() + column + j];
    }
  }
}
