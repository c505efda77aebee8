package dev.octet.kernels.primitive;

import java.util.Arrays;

/**
 * A matrix of integers of 4 or 8 bits in ints: four neighbouring k of the columns that {@link
 * Packing} says.
 *
 * <p>Columns stand in strips. Int {@code j} of a row of a strip holds in its lowest bits column
 * {@code j} of the strip, and where there is room for another one above it column {@code j +
 * lanes}, the first k in the lowest bits; the rows of a group begin anew, and what is behind its
 * last k is 0. Signed integers have half their range added. Immutable and thread-safe.
 */
final class PackedMatrix {

  /**
   * The largest number of ints of a row of a strip, which one thread computes: longer loops cost
   * less, more strips serve more threads.
   */
  private static final int LANES = 512;

  private static final int EACH = Packing.EACH;

  private final Packing packing;
  private final GroupedWeights.Layout layout;
  private final int strips;
  private final int lanes;
  private final int rowsOfGroup;
  private final int[][][] words;

  /**
   * Takes integers.
   *
   * @param packing how integers of their type stand in ints
   * @param stored the integers
   * @param layout where they are, and what is a group
   */
  PackedMatrix(Packing packing, StoredIntegers stored, GroupedWeights.Layout layout) {
    this.packing = packing;
    this.layout = layout;
    int most = LANES * packing.sides();
    this.strips = (layout.columns() + most - 1) / most;
    this.lanes = lanes(layout.columns(), strips * packing.sides());
    this.rowsOfGroup = (Math.min(layout.size(), layout.depth()) + EACH - 1) / EACH;
    this.words = new int[strips][layout.groups() * rowsOfGroup][lanes];
    int flip = zero(packing, stored);
    if (layout.transposed()) {
      packColumns(stored, flip);
    } else {
      packRows(stored, flip);
    }
  }

  private static int lanes(int columns, int sides) {
    return sides == 0 ? 0 : (columns + sides - 1) / sides;
  }

  /** Returns what stands for 0. */
  static int zero(Packing packing, StoredIntegers stored) {
    return stored.type().isSignedInteger() ? 1 << (packing.bits() - 1) : 0;
  }

  private void packRows(StoredIntegers stored, int flip) {
    byte[] line = new byte[packing.sides() * lanes];
    for (int k = 0; k < layout.depth(); k++) {
      for (int strip = 0; strip < strips; strip++) {
        stored.read(layout.element(k, first(strip)), width(strip), line);
        for (int side = 0; side < packing.sides(); side++) {
          int place = place(k % layout.size(), side);
          put(line, side * lanes, count(strip, side), flip, words(strip, k), place);
        }
      }
    }
  }

  private void put(byte[] line, int from, int count, int flip, int[] row, int place) {
    int mask = (1 << packing.bits()) - 1;
    for (int j = 0; j < count; j++) {
      row[j] |= ((line[from + j] ^ flip) & mask) << place;
    }
  }

  private void packColumns(StoredIntegers stored, int flip) {
    byte[] line = new byte[layout.depth()];
    for (int strip = 0; strip < strips; strip++) {
      for (int j = 0; j < width(strip); j++) {
        stored.read(layout.element(0, first(strip) + j), layout.depth(), line);
        packColumn(line, flip, words[strip], j);
      }
    }
  }

  private void packColumn(byte[] line, int flip, int[][] rows, int column) {
    int mask = (1 << packing.bits()) - 1;
    int lane = column % lanes;
    int side = column / lanes;
    for (int group = 0; group < layout.groups(); group++) {
      int first = layout.first(group);
      for (int i = 0; i < layout.end(group) - first; i++) {
        int element = (line[first + i] ^ flip) & mask;
        rows[group * rowsOfGroup + i / EACH][lane] |= element << place(i, side);
      }
    }
  }

  /** Returns by how many bits the integer of a k of a group is shifted. */
  private int place(int i, int side) {
    return i % EACH * packing.bits() + side * EACH * packing.bits();
  }

  int strips() {
    return strips;
  }

  /** Returns how many ints a row of a strip has. */
  int lanes() {
    return lanes;
  }

  private int first(int strip) {
    return strip * packing.sides() * lanes;
  }

  private int width(int strip) {
    return Math.min(packing.sides() * lanes, layout.columns() - first(strip));
  }

  /** Returns the first column of a side of a strip. */
  int first(int strip, int side) {
    return first(strip) + side * lanes;
  }

  /** Returns the number of columns of a side of a strip. */
  int count(int strip, int side) {
    return Math.max(0, Math.min(lanes, layout.columns() - first(strip, side)));
  }

  /** Returns the ints of the four k of a strip that {@code k} is one of. */
  int[] words(int strip, int k) {
    return words[strip][k / layout.size() * rowsOfGroup + k % layout.size() / EACH];
  }

  /** Returns ints that hold one integer everywhere. */
  static int[] filled(Packing packing, int integer, int lanes) {
    int all = 0;
    for (int place = 0; place < Integer.SIZE; place += packing.bits()) {
      all |= integer << place;
    }
    int[] filled = new int[lanes];
    Arrays.fill(filled, all);
    return filled;
  }
}
