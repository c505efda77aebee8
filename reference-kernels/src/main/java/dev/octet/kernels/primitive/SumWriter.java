package dev.octet.kernels.primitive;

/** Brings finished sums to their destination. */
final class SumWriter {

  private SumWriter() {}

  /**
   * Writes sums of one channel at neighbouring positions.
   *
   * @param sums exact sums; overwritten
   * @param from index of the first
   * @param count how many
   * @param channel the output channel
   * @param at index of the first in the result
   */
  static void channel(
      Destination destination, float[] sums, int from, int count, int channel, int at) {
    if (destination instanceof Destination.Requantized bytes) {
      bytes.requantizer().apply(sums, from, count, channel, bytes.into(), at);
    } else if (destination instanceof Destination.Scaled floats) {
      float[] scales = floats.scales();
      float scale = scales[scales.length == 1 ? 0 : channel];
      for (int i = 0; i < count; i++) {
        floats.into()[at + i] = sums[from + i] * scale;
      }
    } else {
      int[] into = ((Destination.Integers) destination).into();
      for (int i = 0; i < count; i++) {
        into[at + i] = (int) sums[from + i];
      }
    }
  }

  /** Writes int32 sums of one channel; {@code scratch} is overwritten from {@code from} on. */
  static void channel(
      Destination destination,
      int[] sums,
      float[] scratch,
      int from,
      int count,
      int channel,
      int at) {
    if (destination instanceof Destination.Integers integers) {
      System.arraycopy(sums, 0, integers.into(), at, count);
    } else {
      for (int i = 0; i < count; i++) {
        scratch[from + i] = (float) sums[i];
      }
      channel(destination, scratch, from, count, channel, at);
    }
  }
}
