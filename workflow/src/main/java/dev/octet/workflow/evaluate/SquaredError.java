package dev.octet.workflow.evaluate;

/**
 * The sums of {@link Sqnr} over the elements of a value, in float64 and in the order of the
 * samples, so that they do not depend on the batches. Not thread-safe.
 */
final class SquaredError {

  private double signal;
  private double noise;

  /** Adds some elements, as many of the one as of the other. */
  void add(double[] reference, double[] other) {
    for (int i = 0; i < reference.length; i++) {
      boolean equal = Double.compare(reference[i], other[i]) == 0 || reference[i] == other[i];
      if (!equal) {
        noise += (reference[i] - other[i]) * (reference[i] - other[i]);
      }
      if (!equal || Double.isFinite(reference[i])) {
        signal += reference[i] * reference[i];
      }
    }
  }

  Sqnr sqnr() {
    return new Sqnr(signal, noise);
  }
}
