package dev.octet.tck.exact;

/**
 * A matrix product of float32 factors, and how far from it float32 arithmetic may end in whatever
 * order it adds. Immutable.
 */
public final class RealProduct {

  private final float[] left;
  private final float[] right;
  private final float[] bias;
  private final int inputs;

  /**
   * Makes a product of arrays that nobody changes from here on.
   *
   * @param left the rows of the left factor behind one another
   * @param right the columns of the right factor behind one another
   * @param bias what is added to each column; all 0 where there is none
   * @param inputs the number of terms of each sum: elements of a row, and of a column
   * @throws IllegalArgumentException if the arrays do not hold whole rows and columns
   */
  public RealProduct(float[] left, float[] right, float[] bias, int inputs) {
    if (left.length % inputs != 0 || right.length != bias.length * inputs) {
      throw new IllegalArgumentException(
          left.length + " and " + right.length + " factors of sums of " + inputs);
    }
    this.left = left;
    this.right = right;
    this.bias = bias;
    this.inputs = inputs;
  }

  /** Returns the number of rows of the result. */
  public int rows() {
    return left.length / inputs;
  }

  /** Returns the number of columns of the result. */
  public int columns() {
    return bias.length;
  }

  /** Returns an element, in float64: its error is 2^-29 of what {@link #slack} allows. */
  public double value(int row, int column) {
    double sum = bias[column];
    for (int k = 0; k < inputs; k++) {
      sum += term(row, column, k);
    }
    return sum;
  }

  /**
   * Returns how far a float32 result may lie from an element: each term takes part in at most
   * {@code inputs} additions, and its factors, their product and the scaling of a sum of integers
   * in at most 8 more roundings, of 2^-24 each (Higham, Accuracy and Stability of Numerical
   * Algorithms, section 3.1).
   */
  public double slack(int row, int column) {
    double magnitude = Math.abs(bias[column]);
    for (int k = 0; k < inputs; k++) {
      magnitude += Math.abs(term(row, column, k));
    }
    return (inputs + 8) * 0x1p-24 * magnitude;
  }

  /** Returns how far an element of a column moves where every left factor moves by so much. */
  public double change(int column, double by) {
    double sum = 0;
    for (int k = 0; k < inputs; k++) {
      sum += Math.abs((double) right[column * inputs + k]) * by;
    }
    return sum;
  }

  private double term(int row, int column, int k) {
    return (double) left[row * inputs + k] * right[column * inputs + k];
  }
}
