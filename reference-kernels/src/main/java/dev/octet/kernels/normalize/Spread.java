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

  /**
   * Normalises rows: {@code (x - mean) / sqrt(variance + epsilon) * gamma + beta}, of which the
   * mean is 0 where rows are not centred.
   *
   * @param gamma a factor for each element of a row
   * @param beta what is added to each element of a row
   */
  static void normalise(
      double[] x, boolean centred, double epsilon, double[] gamma, double[] beta, double[] into) {
    int length = gamma.length;
    for (int at = 0; at < x.length; at += length) {
      double mean = centred ? mean(x, at, at + length) : 0;
      double inverse = 1 / Math.sqrt(variance(x, at, at + length, mean) + epsilon);
      for (int i = 0; i < length; i++) {
        into[at + i] = (x[at + i] - mean) * inverse * gamma[i] + beta[i];
      }
    }
  }
}
