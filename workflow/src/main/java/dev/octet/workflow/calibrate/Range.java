package dev.octet.workflow.calibrate;

/**
 * A closed interval of float32 values.
 *
 * @param min the smallest value, finite
 * @param max the largest value, finite, at least {@code min}
 */
public record Range(float min, float max) {

  /** Checks the bounds and turns negative zeros into zeros. */
  public Range {
    if (!(Float.isFinite(min) && Float.isFinite(max) && min <= max)) {
      throw new IllegalArgumentException("range " + min + ".." + max + " is no finite range");
    }
    min += 0f;
    max += 0f;
  }

  /**
   * Returns the values of this range that are not farther from zero than a limit.
   *
   * @param limit at least 0, and not below what is nearest to zero in this range
   */
  Range within(float limit) {
    float low = Math.max(min, -limit);
    float high = Math.min(max, limit);
    return new Range(low, high);
  }
}
