package dev.octet.kernels.primitive;

import java.util.Arrays;

/**
 * The right matrices of a product as they are stored, [K, N]: {@code b - z} of some columns is
 * widened when it is needed. Matrices that are stored [N, K] are brought into that order once.
 * Immutable and thread-safe.
 */
public final class MatrixWeights {

  /** Columns of a product that are computed together: a strip. */
  static final int COLUMNS = 256;

  private final StoredIntegers stored;
  private final int[] zeroPoints;
  private final int matrices;
  private final int depth;
  private final int columns;
  private final int strips;
  private final int blocks;
  private final long[] magnitudes;
  private final long largestColumn;

  private MatrixWeights(
      StoredIntegers given, int[] zeroPoints, MatrixGeometry.Right sizes, boolean measured) {
    this.zeroPoints = zeroPoints;
    this.matrices = sizes.matrices();
    this.depth = sizes.depth();
    this.columns = sizes.columns();
    this.strips = (columns + COLUMNS - 1) / COLUMNS;
    this.blocks = (depth + ExactChains.SAFE_TERMS - 1) / ExactChains.SAFE_TERMS;
    this.stored = sizes.transposed() ? transposed(given) : given;
    this.magnitudes = new long[matrices * strips * blocks];
    if (measured) {
      this.largestColumn = measure();
    } else {
      Arrays.fill(magnitudes, 255L * ExactChains.SAFE_TERMS);
      this.largestColumn = 255L * depth;
    }
  }

  /**
   * Returns matrices that are used once: nothing is known of their elements but the type.
   *
   * @param stored the elements
   * @param zeroPoints zero points for all, for each column of a matrix, or for each column of each
   *     matrix; not copied
   * @param sizes how many there are, and their sizes
   */
  public static MatrixWeights of(
      StoredIntegers stored, int[] zeroPoints, MatrixGeometry.Right sizes) {
    return new MatrixWeights(stored, zeroPoints, sizes, false);
  }

  /** Returns constant matrices, whose elements are looked at; see {@link #of}. */
  public static MatrixWeights constant(
      StoredIntegers stored, int[] zeroPoints, MatrixGeometry.Right sizes) {
    return new MatrixWeights(stored, zeroPoints, sizes, true);
  }

  private StoredIntegers transposed(StoredIntegers given) {
    byte[] line = new byte[depth];
    byte[] to = new byte[matrices * depth * columns];
    for (int i = 0; i < matrices * columns; i++) {
      given.read(i * depth, depth, line);
      int at = i / columns * depth * columns + i % columns;
      for (int k = 0; k < depth; k++) {
        to[at + k * columns] = line[k];
      }
    }
    return StoredIntegers.of(given.type(), to);
  }

  /** Fills the magnitudes; returns the largest {@code sum |b - z|} of a column. */
  private long measure() {
    byte[] buffer = new byte[COLUMNS];
    float[] row = new float[COLUMNS];
    long largest = 0;
    for (int strip = 0; strip < matrices * strips; strip++) {
      int column = strip % strips * COLUMNS;
      int width = Math.min(COLUMNS, columns - column);
      long[] sums = new long[width];
      for (int block = 0; block < blocks; block++) {
        float[] some = measure(strip / strips, block, column, width, buffer, row);
        for (int j = 0; j < width; j++) {
          sums[j] += (long) some[j];
          int index = strip * blocks + block;
          magnitudes[index] = Math.max(magnitudes[index], (long) some[j]);
        }
      }
      largest = Math.max(largest, Arrays.stream(sums).max().orElse(0));
    }
    return largest;
  }

  /** Returns {@code sum |b - z|} of each column over one block of terms, which floats hold. */
  private float[] measure(
      int matrix, int block, int column, int width, byte[] buffer, float[] row) {
    float[] sums = new float[width];
    int end = Math.min(depth, (block + 1) * ExactChains.SAFE_TERMS);
    for (int k = block * ExactChains.SAFE_TERMS; k < end; k++) {
      widen(matrix, k, column, width, buffer, row);
      for (int j = 0; j < width; j++) {
        sums[j] += Math.abs(row[j]);
      }
    }
    return sums;
  }

  /**
   * Writes {@code b - z} of neighbouring columns of a row of a matrix, from index 0.
   *
   * @param buffer at least {@code width} bytes, overwritten
   */
  void widen(int matrix, int k, int column, int width, byte[] buffer, float[] into) {
    int from = (matrix * depth + k) * columns + column;
    int zeroPoint = zeroPoints.length == 1 ? zeroPoints[0] : 0;
    stored.widen(from, width, zeroPoint, buffer, into);
    if (zeroPoints.length > 1) {
      int first = firstZero(matrix, column);
      for (int j = 0; j < width; j++) {
        into[j] -= (float) zeroPoints[first + j];
      }
    }
  }

  private int firstZero(int matrix, int column) {
    return zeroPoints.length == columns ? column : matrix * columns + column;
  }

  /** Returns the zero point of a column. */
  int zeroPoint(int matrix, int column) {
    return zeroPoints.length == 1 ? zeroPoints[0] : zeroPoints[firstZero(matrix, column)];
  }

  /** Returns the integers. */
  StoredIntegers stored() {
    return stored;
  }

  /** Copies a part of a row, four 8-bit integers to an int; see {@link StoredIntegers#words}. */
  void words(int matrix, int k, int column, int count, int[] into) {
    stored.words((matrix * depth + k) * columns + column, count, into);
  }

  /**
   * Returns a bound of {@code sum |b - z|} for every column of the strip that begins at {@code
   * column}, over the {@link ExactChains#SAFE_TERMS} terms that begin at {@code k}.
   */
  long magnitude(int matrix, int k, int column) {
    int strip = matrix * strips + column / COLUMNS;
    return magnitudes[strip * blocks + k / ExactChains.SAFE_TERMS];
  }

  /**
   * Returns the largest magnitude that a sum over an 8-bit left operand can have: {@code max over n
   * of 255 * sum over k of |b[k, n] - z[n]|}; {@code 255 * 255 * K} where the elements are not
   * known.
   */
  public long largestSum() {
    return 255 * largestColumn;
  }
}
