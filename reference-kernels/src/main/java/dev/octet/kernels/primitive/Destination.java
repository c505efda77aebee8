package dev.octet.kernels.primitive;

/** Where the sums of a product go, and what becomes of them on the way. */
@SuppressWarnings("ArrayRecordComponent") // Internal: never compared, and there to be written.
public sealed interface Destination {

  /**
   * Writes exact sums of one channel at neighbouring positions.
   *
   * @param sums exact sums; overwritten
   * @param from index of the first
   * @param count how many
   * @param channel the output channel
   * @param at index of the first in the result
   */
  void write(float[] sums, int from, int count, int channel, int at);

  /**
   * Writes int32 sums of one channel at neighbouring positions.
   *
   * @param sums the sums, from index 0
   * @param scratch overwritten from index {@code from} on
   */
  default void write(int[] sums, float[] scratch, int from, int count, int channel, int at) {
    for (int i = 0; i < count; i++) {
      scratch[from + i] = (float) sums[i];
    }
    write(scratch, from, count, channel, at);
  }

  /** Returns what sums are multiplied with: one factor, or one for each column; none at all. */
  float[] factors();

  /**
   * Writes exact sums of one row at neighbouring positions.
   *
   * @param sums exact sums, from index 0; overwritten
   * @param width how many
   * @param factors those of {@link #factors} for these columns
   * @param at index of the first in the result
   */
  void writeRow(float[] sums, int width, Factors factors, int at);

  /**
   * Writes int32 sums of one row at neighbouring positions.
   *
   * @param sums the sums, from index {@code from} on
   * @param scratch overwritten from index 0 on
   */
  default void writeRow(int[] sums, int from, float[] scratch, int width, Factors factors, int at) {
    for (int j = 0; j < width; j++) {
      scratch[j] = (float) sums[from + j];
    }
    writeRow(scratch, width, factors, at);
  }

  /**
   * Integers of 16 bits or less.
   *
   * @param requantizer one multiplier, or one for each output channel or column
   * @param into the result: a {@code byte[]} or {@code short[]}
   */
  record Requantized(Requantizer requantizer, Object into) implements Destination {
    @Override
    public void write(float[] sums, int from, int count, int channel, int at) {
      requantizer.apply(sums, from, count, channel, into, at);
    }

    @Override
    public float[] factors() {
      return requantizer.multipliers();
    }

    @Override
    public void writeRow(float[] sums, int width, Factors factors, int at) {
      requantizer.applyAcross(sums, width, factors, into, at);
    }
  }

  /**
   * The sums themselves, modulo 2^32.
   *
   * @param into the result
   */
  record Integers(int[] into) implements Destination {
    @Override
    public void write(float[] sums, int from, int count, int channel, int at) {
      for (int i = 0; i < count; i++) {
        into[at + i] = (int) sums[from + i];
      }
    }

    @Override
    public void write(int[] sums, float[] scratch, int from, int count, int channel, int at) {
      System.arraycopy(sums, 0, into, at, count);
    }

    @Override
    public float[] factors() {
      return new float[0];
    }

    @Override
    public void writeRow(float[] sums, int width, Factors factors, int at) {
      write(sums, 0, width, 0, at);
    }

    @Override
    public void writeRow(
        int[] sums, int from, float[] scratch, int width, Factors factors, int at) {
      System.arraycopy(sums, from, into, at, width);
    }
  }

  /**
   * Floats: {@code float32(sum) * scale}.
   *
   * @param scales one scale, or one for each output channel or column
   * @param into the result
   */
  record Scaled(float[] scales, float[] into) implements Destination {
    @Override
    public void write(float[] sums, int from, int count, int channel, int at) {
      float scale = scales[scales.length == 1 ? 0 : channel];
      for (int i = 0; i < count; i++) {
        into[at + i] = sums[from + i] * scale;
      }
    }

    @Override
    public float[] factors() {
      return scales;
    }

    @Override
    public void writeRow(float[] sums, int width, Factors factors, int at) {
      float[] own = factors.values();
      for (int j = 0; j < width; j++) {
        into[at + j] = sums[j] * own[j];
      }
    }
  }
}
