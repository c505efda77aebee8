package dev.octet.kernels.integer;

/**
 * The inner loops of every integer product: one row of a matrix times a matrix.
 *
 * <p>{@code acc[j] += sum_k a[k] * b[k][j]} in int32. With {@code |a| <= 255} and {@code |b| <=
 * 255} the sum stays inside int32 for up to {@value #SAFE_DEPTH} terms whatever the values; the
 * caller answers for longer ones. Integer addition is associative, so the order of k is free.
 */
final class IntegerProduct {

  /** The number of products of two numbers up to 255 that always fit int32: (2^31 - 1) / 255^2. */
  static final int SAFE_DEPTH = Integer.MAX_VALUE / (255 * 255);

  private IntegerProduct() {}

  /**
   * Adds a row's products to the accumulators.
   *
   * @param a holds the row, from {@code from}
   * @param b the rows of the matrix, each from index 0
   * @param depth number of terms of each sum
   * @param acc the accumulators, from index 0
   * @param columns number of sums
   */
  static void accumulate(int[] a, int from, int[][] b, int depth, int[] acc, int columns) {
    int k = 0;
    for (; k + 4 <= depth; k += 4) {
      accumulate4(a, from + k, b[k], b[k + 1], b[k + 2], b[k + 3], acc, columns);
    }
    for (; k < depth; k++) {
      accumulate1(a[from + k], b[k], acc, columns);
    }
  }

  // Separate arrays indexed from 0 by one variable are the form that the compiler vectorizes.
  private static void accumulate4(
      int[] a, int at, int[] b0, int[] b1, int[] b2, int[] b3, int[] acc, int columns) {
    int a0 = a[at];
    int a1 = a[at + 1];
    int a2 = a[at + 2];
    int a3 = a[at + 3];
    for (int j = 0; j < columns; j++) {
      acc[j] += a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
    }
  }

  private static void accumulate1(int a, int[] b, int[] acc, int columns) {
    for (int j = 0; j < columns; j++) {
      acc[j] += a * b[j];
    }
  }
}
