package dev.octet.kernels.primitive;

/**
 * Rounds rows of floats to integers by adding {@link #SHIFT}: around it neighbouring floats differ
 * by 1, so that the addition rounds to an integer, to nearest with ties to even, and the integer is
 * the distance between the bits of the sum and those of the shift.
 *
 * <p>The bits of floats of one sign are ordered like the floats, and those of negative ones are
 * negative as ints: what lies so far away that the sum is not exact stays on its side of every
 * bound, and infinities too. One more addition carries NaN of either sign below every bound.
 */
final class ShiftedRows {

  /** 1.5 * 2^23: even, and 2^22 away from where the distance of neighbours changes. */
  static final float SHIFT = 0x1.8p23f;

  /** The bits of the shift, lifted so far that only NaN passes the largest int and wraps. */
  private static final int LIFT = (1 << 23) - 1;

  private static final int ORIGIN = Float.floatToRawIntBits(SHIFT) + LIFT;

  /** The largest magnitude of numbers for which {@link #round} is defined. */
  static final float BOUND = 0x1p120f;

  /** The largest magnitude of a factor whose product with a sum of 64 bits is within the bound. */
  static final float LARGEST_FACTOR = 0x1p57f;

  private ShiftedRows() {}

  /**
   * Writes {@code clamp(rne(v * factor) + z, min, max)} of {@code values[from]} and its neighbours,
   * which are overwritten, to a {@code byte[]} or {@code short[]}; every product has a magnitude of
   * at most {@link #BOUND}.
   *
   * <p>The clamp is {@code max(d, 0) = (d + |d|) / 2}, first of the distance to the smallest
   * integer, then of what remains to the largest: the compiler turns that into vectors, and
   * comparisons into branches. Distances within the range are exact, others stay on their side. The
   * lowest bits of the shift and an integer are those of the integer.
   */
  static void round(
      float[] values,
      int from,
      int count,
      float factor,
      Saturation saturation,
      Object into,
      int at) {
    float low = SHIFT + (saturation.min() - saturation.zeroPoint());
    float range = 2f * (saturation.max() - saturation.min());
    float high = SHIFT + saturation.max();
    for (int i = from; i < from + count; i++) {
      float above = values[i] * factor + SHIFT - low;
      float below = range - (above + Math.abs(above));
      values[i] = high - (below + Math.abs(below)) * 0.25f;
    }
    if (into instanceof byte[] bytes) {
      for (int i = 0; i < count; i++) {
        bytes[at + i] = (byte) Float.floatToRawIntBits(values[from + i]);
      }
    } else {
      short[] shorts = (short[]) into;
      for (int i = 0; i < count; i++) {
        shorts[at + i] = (short) Float.floatToRawIntBits(values[from + i]);
      }
    }
  }

  /**
   * Writes {@code clamp(rne(v / scale) + z, min, max)} of the first values, which are overwritten;
   * NaN becomes the smallest integer.
   */
  static void quantize(
      float[] values, int count, float scale, Saturation saturation, byte[] into, int at) {
    divide(values, count, scale);
    store(values, count, saturation, into, at);
  }

  /** Writes 16-bit integers; see {@link #quantize}. */
  static void quantize(
      float[] values, int count, float scale, Saturation saturation, short[] into, int at) {
    divide(values, count, scale);
    store(values, count, saturation, into, at);
  }

  private static void divide(float[] values, int count, float scale) {
    for (int i = 0; i < count; i++) {
      values[i] = values[i] / scale + SHIFT;
    }
  }

  /** Writes the integers of values to each of which the shift was added. */
  private static void store(float[] values, int count, Saturation saturation, byte[] into, int at) {
    int zeroPoint = saturation.zeroPoint();
    int low = ORIGIN + saturation.min() - zeroPoint;
    int high = ORIGIN + saturation.max() - zeroPoint;
    int back = zeroPoint - ORIGIN;
    for (int i = 0; i < count; i++) {
      int lifted = Float.floatToRawIntBits(values[i]) + LIFT;
      into[at + i] = (byte) (Math.min(Math.max(lifted, low), high) + back);
    }
  }

  private static void store(
      float[] values, int count, Saturation saturation, short[] into, int at) {
    int zeroPoint = saturation.zeroPoint();
    int low = ORIGIN + saturation.min() - zeroPoint;
    int high = ORIGIN + saturation.max() - zeroPoint;
    int back = zeroPoint - ORIGIN;
    for (int i = 0; i < count; i++) {
      int lifted = Float.floatToRawIntBits(values[i]) + LIFT;
      into[at + i] = (short) (Math.min(Math.max(lifted, low), high) + back);
    }
  }
}
