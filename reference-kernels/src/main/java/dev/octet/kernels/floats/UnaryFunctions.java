package dev.octet.kernels.floats;

/** The loops of functions of one float. */
final class UnaryFunctions {

  private UnaryFunctions() {}

  /** {@code max(x, 0)}; NaN stays NaN, and -0.0 becomes 0.0. */
  static void relu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.max(x[i], 0f);
    }
  }
}
