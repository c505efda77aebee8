package dev.octet.workflow.source;

import dev.octet.kernels.thread.Workers;

/**
 * Square matrices of float64 in row-major order, and their triangular factors. Every element is
 * computed by the same operations in the same order on any number of threads.
 */
final class Triangles {

  /** Rows that are worth another thread. */
  private static final int GRAIN = 32;

  private Triangles() {}

  /**
   * Makes the upper triangular {@code U} with {@code U' U = A} in the upper triangle of A.
   *
   * @param matrix A, symmetric, of which the upper triangle is read
   * @return whether there is one: every pivot is above 0
   */
  static boolean factor(double[] matrix, int size, Workers workers) {
    for (int k = 0; k < size; k++) {
      double pivot = Math.sqrt(matrix[k * size + k]);
      if (!(pivot > 0 && pivot < Double.POSITIVE_INFINITY)) {
        return false;
      }
      for (int j = k; j < size; j++) {
        matrix[k * size + j] /= pivot;
      }
      int done = k;
      workers.forRange(
          size - k - 1,
          GRAIN,
          (from, to) -> {
            for (int i = done + 1 + from; i < done + 1 + to; i++) {
              subtract(matrix, i * size, done * size, matrix[done * size + i], i, size);
            }
          });
    }
    return true;
  }

  private static void subtract(
      double[] matrix, int row, int other, double times, int from, int size) {
    for (int j = from; j < size; j++) {
      matrix[row + j] -= times * matrix[other + j];
    }
  }

  /**
   * Makes the upper triangular {@code U} with {@code U' U = inverse of A} in the place of A: with
   * {@code A = R R'}, R upper triangular, it is the inverse of R.
   *
   * @param matrix A, symmetric
   * @return whether there is one: every pivot is above 0
   */
  static boolean inverseFactor(double[] matrix, int size, Workers workers) {
    reverse(matrix);
    if (!factor(matrix, size, workers)) {
      return false;
    }
    reverse(matrix);
    transposeLower(matrix, size);
    for (int i = size - 1; i >= 0; i--) {
      workers.requireWanted();
      invertRow(matrix, i, size);
    }
    return true;
  }

  /** Numbers rows and columns from the last to the first. */
  private static void reverse(double[] matrix) {
    for (int i = 0, j = matrix.length - 1; i < j; i++, j--) {
      double kept = matrix[i];
      matrix[i] = matrix[j];
      matrix[j] = kept;
    }
  }

  private static void transposeLower(double[] matrix, int size) {
    for (int i = 0; i < size; i++) {
      for (int j = i + 1; j < size; j++) {
        matrix[i * size + j] = matrix[j * size + i];
        matrix[j * size + i] = 0;
      }
    }
  }

  /** Rows below are inverted already: {@code U_i = -(sum over k of R_ik U_k) / R_ii}. */
  private static void invertRow(double[] matrix, int row, int size) {
    double[] sums = new double[size];
    for (int k = row + 1; k < size; k++) {
      double times = matrix[row * size + k];
      for (int j = k; j < size; j++) {
        sums[j] += times * matrix[k * size + j];
      }
    }
    double diagonal = 1 / matrix[row * size + row];
    matrix[row * size + row] = diagonal;
    for (int j = row + 1; j < size; j++) {
      matrix[row * size + j] = -sums[j] * diagonal;
    }
  }

  /** Solves {@code U' U y = x} in place. */
  static void solve(double[] factor, int size, double[] x) {
    for (int i = 0; i < size; i++) {
      x[i] /= factor[i * size + i];
      for (int j = i + 1; j < size; j++) {
        x[j] -= factor[i * size + j] * x[i];
      }
    }
    for (int i = size - 1; i >= 0; i--) {
      double sum = x[i];
      for (int j = i + 1; j < size; j++) {
        sum -= factor[i * size + j] * x[j];
      }
      x[i] = sum / factor[i * size + i];
    }
  }
}
