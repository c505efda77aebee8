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
      integers(destination, sums, from, count, at);
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

  private static void integers(Destination destination, float[] sums, int from, int count, int at) {
    int[] into = ((Destination.Integers) destination).into();
    for (int i = 0; i < count; i++) {
      into[at + i] = (int) sums[from + i];
    }
  }

  /** Returns what writes rows of some columns. */
  static Columns columns(Destination destination, int column, int width) {
    float[] factors = {};
    if (destination instanceof Destination.Requantized bytes) {
      factors = bytes.requantizer().multipliers();
    } else if (destination instanceof Destination.Scaled floats) {
      factors = floats.scales();
    }
    boolean none = factors.length == 0;
    return new Columns(destination, Factors.of(factors, column, none ? 0 : width), width);
  }

  /** Writes rows of some columns. */
  static final class Columns {
    private final Destination destination;
    private final Factors factors;
    private final int width;

    private Columns(Destination destination, Factors factors, int width) {
      this.destination = destination;
      this.factors = factors;
      this.width = width;
    }

    /** Writes the exact sums of a row, which are overwritten. */
    void write(float[] sums, int at) {
      if (destination instanceof Destination.Requantized bytes) {
        bytes.requantizer().applyAcross(sums, width, factors, bytes.into(), at);
      } else if (destination instanceof Destination.Scaled floats) {
        float[] scales = factors.values();
        for (int j = 0; j < width; j++) {
          floats.into()[at + j] = sums[j] * scales[j];
        }
      } else {
        integers(destination, sums, 0, width, at);
      }
    }

    /** Writes the int32 sums of a row; {@code scratch} is overwritten. */
    void write(int[] sums, int from, float[] scratch, int at) {
      if (destination instanceof Destination.Integers integers) {
        System.arraycopy(sums, from, integers.into(), at, width);
      } else {
        for (int j = 0; j < width; j++) {
          scratch[j] = (float) sums[from + j];
        }
        write(scratch, at);
      }
    }
  }
}
