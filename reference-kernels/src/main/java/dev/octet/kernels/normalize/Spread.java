package dev.octet.kernels.normalize;

/** Mean and deviation of neighbouring elements, in double, in the order of the elements. */
final class Spread {

  private Spread() {}

  static double mean(double[] x, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += x[i];
    }
    return sum / (to - from);
  }

  /** The mean of the squared distances from a centre. */
  static double variance(double[] x, int from, int to, double centre) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += (x[i] - centre) * (x[i] - centre);
    }
    return sum / (to - from);
  }
}
