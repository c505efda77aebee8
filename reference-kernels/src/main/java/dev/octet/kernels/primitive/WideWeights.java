package dev.octet.kernels.primitive;

import dev.octet.api.graph.DataType;

/**
 * The right matrices of a {@link WideProduct}, [K, N]: integers of 8 or 16 bits, four or two to an
 * int, the first one in the lowest bits; a row begins with an int of its own. Those of 4 or 2 bits
 * have 8 here, and unsigned ones are signed ones with a zero point that is as much smaller.
 * Immutable and thread-safe.
 */
public final class WideWeights {

  private final int[] words;
  private final int bits;
  private final int rowWords;
  private final int[] zeroPoints;
  private final MatrixGeometry.Right sizes;

  private WideWeights(int bits, int[] zeroPoints, MatrixGeometry.Right sizes) {
    this.bits = bits;
    this.rowWords = (sizes.columns() + each() - 1) / each();
    this.zeroPoints = zeroPoints;
    this.sizes = sizes;
    this.words = new int[sizes.matrices() * sizes.depth() * rowWords];
  }

  /**
   * Returns matrices.
   *
   * @param type the type of their elements, of at most 16 bits
   * @param elements their elements, as {@code sizes} says that they are stored
   * @param zeroPoints zero points for all, for each column of a matrix, or for each column of each
   *     matrix
   * @param sizes how many there are, and their sizes
   */
  public static WideWeights of(
      DataType type, int[] elements, int[] zeroPoints, MatrixGeometry.Right sizes) {
    int bits = type.bits() > Byte.SIZE ? Short.SIZE : Byte.SIZE;
    int offset = type.isSignedInteger() ? 0 : 1 << (bits - 1);
    int[] signed = new int[zeroPoints.length];
    for (int i = 0; i < signed.length; i++) {
      signed[i] = zeroPoints[i] - offset;
    }
    WideWeights weights = new WideWeights(bits, signed, sizes);
    weights.pack(elements, offset);
    return weights;
  }

  private void pack(int[] elements, int offset) {
    int mask = (1 << bits) - 1;
    int depth = sizes.depth();
    int columns = sizes.columns();
    for (int row = 0; row < sizes.matrices() * depth; row++) {
      int first = sizes.transposed() ? row / depth * depth * columns + row % depth : row * columns;
      int step = sizes.transposed() ? depth : 1;
      for (int j = 0; j < columns; j++) {
        int element = (elements[first + j * step] - offset) & mask;
        words[row * rowWords + j / each()] |= element << (j % each() * bits);
      }
    }
  }

  /** Returns how many integers an int has. */
  int each() {
    return Integer.SIZE / bits;
  }

  /** Returns how many bits an integer has. */
  int bits() {
    return bits;
  }

  /** Returns the zero point of a column of a matrix. */
  int zeroPoint(int matrix, int column) {
    return zeroPoints[(matrix * sizes.columns() + column) % zeroPoints.length];
  }

  /** Returns one element less its zero point. */
  int difference(int matrix, int k, int column) {
    int word = words[firstWord(matrix, k, column)];
    return element(word, column % each()) - zeroPoint(matrix, column);
  }

  private int element(int word, int index) {
    return word << (Integer.SIZE - bits - index * bits) >> (Integer.SIZE - bits);
  }

  /**
   * Writes those of neighbouring columns of a row whose place in their ints is the same, from index
   * 0, as they are stored.
   *
   * @param column the first of the columns, a multiple of {@link #each}
   * @param place which integer of each int, 0 for the lowest bits
   * @param count how many ints the columns have
   */
  void read(int matrix, int k, int column, int place, int[] into, int count) {
    System.arraycopy(words, firstWord(matrix, k, column), into, 0, count);
    int down = Integer.SIZE - bits;
    shift(into, down - place * bits, down, count);
  }

  private int firstWord(int matrix, int k, int column) {
    return (matrix * sizes.depth() + k) * rowWords + column / each();
  }

  private static void shift(int[] words, int up, int down, int count) {
    for (int j = 0; j < count; j++) {
      words[j] = words[j] << up >> down;
    }
  }

  /**
   * Writes neighbouring columns of a row, each less its zero point, from index 0.
   *
   * @param column the first column, a multiple of {@link #each}
   */
  void widen(int matrix, int k, int column, int width, double[] into) {
    int from = firstWord(matrix, k, column);
    for (int index = 0; index < each(); index++) {
      widen(from, index, width, into);
    }
    if (zeroPoints.length == 1) {
      for (int j = 0; j < width; j++) {
        into[j] -= zeroPoints[0];
      }
    } else {
      for (int j = 0; j < width; j++) {
        into[j] -= zeroPoint(matrix, column + j);
      }
    }
  }

  private void widen(int from, int index, int width, double[] into) {
    int step = each();
    int up = Integer.SIZE - bits - index * bits;
    int down = Integer.SIZE - bits;
    for (int j = index, word = from; j < width; j += step, word++) {
      into[j] = words[word] << up >> down;
    }
  }
}
