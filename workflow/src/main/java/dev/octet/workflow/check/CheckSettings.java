package dev.octet.workflow.check;

import dev.octet.api.provider.QuantizerProvider;

/**
 * How a quantized model is checked. Immutable.
 *
 * @param samples how many samples both models run at most, unless the model fixes that more run
 *     together; at least 1
 * @param leastDb the least signal to noise of the worst output, in decibels, that is good enough:
 *     what is below is said, and mended where that is asked
 * @param goalDb the signal to noise at which mending has done enough, in decibels; at least {@code
 *     leastDb}
 * @param mends whether nodes are kept in float where that mends the model
 */
public record CheckSettings(int samples, double leastDb, double goalDb, boolean mends) {

  /** The samples of {@link #standard}: with more the check would be felt beside calibration. */
  public static final int STANDARD_SAMPLES = 8;

  /** The decibels below which results are of no use, see the documentation of checks. */
  public static final double STANDARD_LEAST_DB = 15;

  private static final double GOAL_ABOVE_LEAST_DB = 10;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a component is out of its range
   */
  public CheckSettings {
    if (samples < 1 || !Double.isFinite(leastDb) || !(goalDb >= leastDb)) {
      throw new IllegalArgumentException(
          "samples %s, least %s dB, goal %s dB".formatted(samples, leastDb, goalDb));
    }
  }

  /** Returns 8 samples, at least 15 dB, 25 as the goal, and mending. */
  public static CheckSettings standard() {
    return new CheckSettings(
        STANDARD_SAMPLES, STANDARD_LEAST_DB, STANDARD_LEAST_DB + GOAL_ABOVE_LEAST_DB, true);
  }

  /**
   * Returns {@link #standard} for a backend: mending where it has a runtime here. What others made
   * of a model is for hardware whose decisions are not Octet's; there mending is to be asked for.
   */
  public static CheckSettings of(QuantizerProvider backend) {
    return standard().mending(backend.runtime().isPresent());
  }

  /**
   * Returns how many samples are run at first, half of them: a model whose worst output reaches the
   * goal on these is not run on the others.
   */
  public int firstSamples() {
    return (samples + 1) / 2;
  }

  /** Returns these settings with another bound, and the goal as far above it as by standard. */
  public CheckSettings atLeast(double decibels) {
    return new CheckSettings(samples, decibels, decibels + GOAL_ABOVE_LEAST_DB, mends);
  }

  /** Returns these settings with mending or without. */
  public CheckSettings mending(boolean wanted) {
    return new CheckSettings(samples, leastDb, goalDb, wanted);
  }
}
