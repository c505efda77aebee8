package dev.octet.kernels.attention;

/** From logits to probabilities, in double by StrictMath. */
final class Probabilities {

  private Probabilities() {}

  /**
   * Replaces the logits of a row by {@code exp(x - largest) / sum}.
   *
   * @param largest the largest of them, above negative infinity
   */
  static void replace(double[] row, double largest) {
    double sum = 0;
    for (int key = 0; key < row.length; key++) {
      row[key] = StrictMath.exp(row[key] - largest);
      sum += row[key];
    }
    for (int key = 0; key < row.length; key++) {
      row[key] /= sum;
    }
  }
}
