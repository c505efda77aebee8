package dev.octet.kernels.integer;

/**
 * Turns int32 accumulators into integers of the result's type.
 *
 * <p>{@code q = rne(clamp(float32(acc) * m, min - z, max - z)) + z}. The accumulator is rounded
 * once to float32, the product once; {@code m} is a float32; the clamp bounds are integers below
 * 2^24 and so exact; the clamp precedes the narrowing to an integer. Source: ONNX Runtime's
 * requantization. Immutable.
 */
final class Requantizer {

  private final float[] multipliers;
  private final int zeroPoint;
  private final float low;
  private final float high;

  /**
   * Makes a requantizer.
   *
   * @param multipliers one {@code m} for all channels, or one for each
   * @param zeroPoint {@code z}
   * @param range the integers that the result may hold, of at most 16 bits
   */
  Requantizer(float[] multipliers, int zeroPoint, IntegerRange range) {
    this.multipliers = multipliers;
    this.zeroPoint = zeroPoint;
    this.low = range.min() - zeroPoint;
    this.high = range.max() - zeroPoint;
  }

  /**
   * Returns {@code m = (s_x * s_w) / s_y} for each weight scale; every operation is rounded to
   * float32.
   */
  static float[] multipliers(float inputScale, float[] weightScales, float outputScale) {
    float[] multipliers = new float[weightScales.length];
    for (int i = 0; i < multipliers.length; i++) {
      multipliers[i] = inputScale * weightScales[i] / outputScale;
    }
    return multipliers;
  }

  /** Returns the integer of one accumulator. */
  int apply(int accumulator, int channel) {
    return round((float) accumulator * multiplier(channel));
  }

  /** Writes the integers of accumulators of one channel. */
  void apply(int[] accumulators, int count, int channel, byte[] into, int at) {
    float multiplier = multiplier(channel);
    for (int i = 0; i < count; i++) {
      into[at + i] = (byte) round((float) accumulators[i] * multiplier);
    }
  }

  /** Writes the integers of accumulators of neighbouring channels, one for each channel. */
  void applyAcross(int[] accumulators, int count, int firstChannel, byte[] into, int at) {
    for (int i = 0; i < count; i++) {
      into[at + i] = (byte) round((float) accumulators[i] * multiplier(firstChannel + i));
    }
  }

  private float multiplier(int channel) {
    return multipliers.length == 1 ? multipliers[0] : multipliers[channel];
  }

  private int round(float value) {
    return (int) Math.rint((double) Math.min(Math.max(value, low), high)) + zeroPoint;
  }
}
