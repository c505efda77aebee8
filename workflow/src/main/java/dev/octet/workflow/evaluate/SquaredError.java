package dev.octet.workflow.evaluate;

/**
 * The sums of {@link Sqnr} over the elements of a value, in float64 and in the order of the
 * samples, so that they do not depend on the batches. Infinities and NaN that both have are no
 * difference. Not thread-safe.
 */
public final class SquaredError {

  private double signal;
  private double noise;
  private double largest;

  /** Begins with nothing. */
  public SquaredError() {}

  /** Adds some elements, as many of the one as of the other. */
  public void add(double[] reference, double[] other) {
    for (int i = 0; i < reference.length; i++) {
      add(reference[i], other[i]);
    }
  }

  /** Adds some elements, as many of the one as of the other. */
  public void add(float[] reference, float[] other) {
    for (int i = 0; i < reference.length; i++) {
      add(reference[i], other[i]);
    }
  }

  private void add(double reference, double other) {
    boolean equal = Double.compare(reference, other) == 0 || reference == other;
    if (!equal) {
      double error = reference - other;
      noise += error * error;
      largest = Math.max(largest, Math.abs(error));
    }
    if (!equal || Double.isFinite(reference)) {
      signal += reference * reference;
    }
  }

  /** Returns the ratio of what was added so far. */
  public Sqnr sqnr() {
    return new Sqnr(signal, noise);
  }

  /** Returns the largest difference so far; NaN or infinite where an element is. */
  public double largest() {
    return largest;
  }
}
