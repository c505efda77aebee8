package dev.octet.kernels.primitive;

import java.util.Arrays;

/**
 * A matrix of integers of 4 bits, eight in an int: four neighbouring k of two columns.
 *
 * <p>Columns stand in strips of at most {@link #COLUMNS}. Int {@code j} of a row of a strip holds
 * in its low half column {@code j} of the strip and in its high half column {@code j + half}, the
 * first k in the lowest bits; the rows of a group begin anew, and what is behind its last k is 0.
 * Signed integers have 8 added. Immutable and thread-safe.
 */
final class NibbleMatrix {

  /** Neighbouring k in an int. */
  static final int EACH = 4;

  static final int BITS = 4;

  /** The integers of one k in an int. */
  static final int MASK = 0x000F000F;

  /**
   * The largest number of columns of a strip, which one thread computes: longer loops cost less,
   * more strips serve more threads.
   */
  private static final int COLUMNS = 1024;

  private static final int HIGH = 16;
  private static final int NIBBLE = 0xF;

  private final GroupedWeights.Layout layout;
  private final int strips;
  private final int half;
  private final int rowsOfGroup;
  private final int[][][] words;

  /**
   * Takes integers.
   *
   * @param stored integers of 4 bits
   * @param layout where they are, and what is a group
   */
  NibbleMatrix(StoredIntegers stored, GroupedWeights.Layout layout) {
    this.layout = layout;
    this.strips = (layout.columns() + COLUMNS - 1) / COLUMNS;
    this.half = half(layout.columns(), strips);
    this.rowsOfGroup = (Math.min(layout.size(), layout.depth()) + EACH - 1) / EACH;
    this.words = new int[strips][layout.groups() * rowsOfGroup][half];
    int flip = stored.type().isSignedInteger() ? 1 << (BITS - 1) : 0;
    if (layout.transposed()) {
      packColumns(stored, flip);
    } else {
      packRows(stored, flip);
    }
  }

  private static int half(int columns, int strips) {
    int width = strips == 0 ? 0 : (columns + strips - 1) / strips;
    return (width + 1) / 2;
  }

  private void packRows(StoredIntegers stored, int flip) {
    byte[] line = new byte[2 * half];
    for (int k = 0; k < layout.depth(); k++) {
      int place = k % layout.size() % EACH * BITS;
      for (int strip = 0; strip < strips; strip++) {
        int width = width(strip);
        int low = Math.min(half, width);
        stored.read(layout.element(k, first(strip)), width, line);
        int[] row = words(strip, k);
        for (int j = 0; j < low; j++) {
          row[j] |= ((line[j] ^ flip) & NIBBLE) << place;
        }
        for (int j = low; j < width; j++) {
          row[j - half] |= ((line[j] ^ flip) & NIBBLE) << (place + HIGH);
        }
      }
    }
  }

  private void packColumns(StoredIntegers stored, int flip) {
    byte[] line = new byte[layout.depth()];
    for (int strip = 0; strip < strips; strip++) {
      for (int j = 0; j < width(strip); j++) {
        stored.read(layout.element(0, first(strip) + j), layout.depth(), line);
        packColumn(line, flip, words[strip], j < half ? j : j - half, j < half ? 0 : HIGH);
      }
    }
  }

  private void packColumn(byte[] line, int flip, int[][] rows, int j, int up) {
    for (int group = 0; group < layout.groups(); group++) {
      int first = layout.first(group);
      int row = group * rowsOfGroup;
      for (int k = first; k < layout.end(group); k++) {
        int place = (k - first) % EACH * BITS + up;
        rows[row + (k - first) / EACH][j] |= ((line[k] ^ flip) & NIBBLE) << place;
      }
    }
  }

  int strips() {
    return strips;
  }

  /** Returns how many ints a row of a strip has. */
  int half() {
    return half;
  }

  /** Returns the first column of a strip. */
  int first(int strip) {
    return strip * 2 * half;
  }

  /** Returns the number of columns of a strip. */
  int width(int strip) {
    return Math.min(2 * half, layout.columns() - first(strip));
  }

  /** Returns the ints of the four k of a strip that {@code k} is one of. */
  int[] words(int strip, int k) {
    return words[strip][k / layout.size() * rowsOfGroup + k % layout.size() / EACH];
  }

  /** Returns ints that hold one integer everywhere. */
  static int[] filled(int integer, int half) {
    int[] all = new int[half];
    Arrays.fill(all, integer * 0x11111111);
    return all;
  }
}
