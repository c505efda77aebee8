package dev.octet.api.observer;

/**
 * A closed interval of float32 values.
 *
 * @param min the smallest value, finite
 * @param max the largest value, finite, at least {@code min}
 */
public record Range(float min, float max) {

  /**
   * Turns negative zeros into zeros.
   *
   * @throws IllegalArgumentException if the bounds are no finite range
   */
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
  public Range within(float limit) {
    float low = Math.max(min, -limit);
    float high = Math.min(max, limit);
    return new Range(low, high);
  }
}
