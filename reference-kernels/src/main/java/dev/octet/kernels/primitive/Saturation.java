package dev.octet.kernels.primitive;

/**
 * Where a float ends that becomes an integer of at most 16 bits: {@code q = rne(clamp(v, min - z,
 * max - z)) + z}, which is {@code clamp(rne(v) + z, min, max)}.
 *
 * @param zeroPoint {@code z}, within the type of the result
 * @param min the smallest integer that the result may hold
 * @param max the largest
 */
public record Saturation(int zeroPoint, int min, int max) {

  private static final int LARGEST = 1 << 16;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one of them has more than 16 bits and a sign
   */
  public Saturation {
    requireShort(zeroPoint);
    requireShort(min);
    requireShort(max);
  }

  private static void requireShort(int value) {
    if (value < -LARGEST || value > LARGEST) {
      throw new IllegalArgumentException(value + " is no integer of at most 16 bits");
    }
  }

  /**
   * Returns the integer of one value. Infinities saturate; NaN becomes the zero point, so that a
   * caller with another rule for it looks for it before.
   */
  public int round(float value) {
    float low = min - zeroPoint;
    float high = max - zeroPoint;
    return (int) Math.rint((double) Math.min(Math.max(value, low), high)) + zeroPoint;
  }
}
