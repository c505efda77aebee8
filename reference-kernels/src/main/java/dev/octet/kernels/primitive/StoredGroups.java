package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;
import java.util.Optional;

/**
 * The right matrix of a product as it is stored, with a scale for each group of neighbouring k of
 * each column: {@code b - z} of some columns is widened when it is needed. Immutable and
 * thread-safe.
 */
public final class StoredGroups implements GroupedForm {

  private final StoredIntegers stored;
  private final float[] scales;
  private final Optional<StoredIntegers> zeroPoints;
  private final GroupedWeights.Layout layout;

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
  public StoredGroups(
      StoredIntegers stored,
      float[] scales,
      Optional<StoredIntegers> zeroPoints,
      GroupedWeights.Layout layout) {
    if (scales.length != layout.groups() * layout.columns()) {
      throw new IllegalArgumentException(
          scales.length + " scales for " + layout.groups() * layout.columns() + " groups");
    }
    this.stored = stored;
    this.scales = scales;
    this.zeroPoints = zeroPoints;
    this.layout = layout;
  }

  StoredIntegers stored() {
    return stored;
  }

  float[] scales() {
    return scales;
  }

  Optional<StoredIntegers> zeroPoints() {
    return zeroPoints;
  }

  /** Returns the sizes. */
  public GroupedWeights.Layout layout() {
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

  @Override
  public void multiply(GroupedProduct task, Workers workers) {
    PlainGroups.run(task, this, workers);
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
  }
}
