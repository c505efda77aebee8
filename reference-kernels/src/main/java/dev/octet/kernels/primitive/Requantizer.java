package dev.octet.kernels.primitive;

/**
 * Turns sums of 32 or 64 bits into integers of the result's type.
 *
 * <p>{@code q = rne(clamp(float32(sum) * m, min - z, max - z)) + z}. The sum is rounded once to
 * float32, the product once; {@code m} is a float32; the clamp bounds are integers below 2^24 and
 * so exact; the clamp precedes the narrowing to an integer. Where the product is NaN, because
 * {@code m} is no finite number, {@code q} is {@code z}. Source: ONNX Runtime's requantization.
 * Immutable.
 */
public final class Requantizer {

  private final float[] multipliers;
  private final Saturation saturation;

  /**
   * Makes a requantizer.
   *
   * @param multipliers one {@code m} for all channels, or one for each; not copied
   * @param saturation {@code z}, {@code min} and {@code max}
   */
  public Requantizer(float[] multipliers, Saturation saturation) {
    this.multipliers = multipliers;
    this.saturation = saturation;
  }

  /**
   * Returns {@code m = (s_x * s_w) / s_y} for each weight scale; every operation is rounded to
   * float32.
   */
  public static float[] multipliers(float inputScale, float[] weightScales, float outputScale) {
    float[] multipliers = new float[weightScales.length];
    for (int i = 0; i < multipliers.length; i++) {
      multipliers[i] = inputScale * weightScales[i] / outputScale;
    }
    return multipliers;
  }

  /** Returns {@code m} of a channel. */
  public float multiplier(int channel) {
    return multipliers.length == 1 ? multipliers[0] : multipliers[channel];
  }

  /** Returns the multipliers; not copied. */
  float[] multipliers() {
    return multipliers;
  }

  /** Returns where products end. */
  public Saturation saturation() {
    return saturation;
  }

  /** Returns the integer of one sum. */
  public int apply(int sum, int channel) {
    return saturation.round((float) sum * multiplier(channel));
  }

  /**
   * Writes the integers of sums of one channel.
   *
   * @param sums what is to be requantized: sums rounded to float32; overwritten
   * @param from index of the first sum
   * @param count how many
   * @param channel the channel
   * @param into receives the integers, from {@code at} on: a {@code byte[]} or {@code short[]}
   */
  public void apply(float[] sums, int from, int count, int channel, Object into, int at) {
    float multiplier = multiplier(channel);
    if (Math.abs(multiplier) <= ShiftedRows.LARGEST_FACTOR) {
      ShiftedRows.round(sums, from, count, multiplier, saturation, into, at);
    } else {
      for (int i = 0; i < count; i++) {
        put(into, at + i, saturation.round(sums[from + i] * multiplier));
      }
    }
  }

  private static void put(Object into, int at, int integer) {
    if (into instanceof byte[] bytes) {
      bytes[at] = (byte) integer;
    } else {
      ((short[]) into)[at] = (short) integer;
    }
  }

  /** Writes the integers of sums of one channel; the sums stay as they are. */
  public void apply(int[] sums, int count, int channel, byte[] into, int at) {
    apply(rounded(sums, count), 0, count, channel, into, at);
  }

  /** Returns the first integers of an array, each rounded to float32. */
  public static float[] rounded(int[] sums, int count) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = (float) sums[i];
    }
    return floats;
  }

  /**
   * Writes the integers of sums of neighbouring channels, one for each channel.
   *
   * @param sums sums rounded to float32, from index 0; overwritten
   * @param count how many
   * @param factors the multipliers of these channels
   * @param into receives the integers, from {@code at} on: a {@code byte[]} or {@code short[]}
   */
  void applyAcross(float[] sums, int count, Factors factors, Object into, int at) {
    float[] each = factors.values();
    if (factors.areBounded()) {
      for (int i = 0; i < count; i++) {
        sums[i] *= each[i];
      }
      ShiftedRows.round(sums, 0, count, 1f, saturation, into, at);
    } else {
      for (int i = 0; i < count; i++) {
        put(into, at + i, saturation.round(sums[i] * each[i]));
      }
    }
  }
}
