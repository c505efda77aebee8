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

  private ShiftedRows() {}

  /**
   * Writes the integers of {@code values[from]} and its neighbours, to each of which the shift was
   * added; NaN becomes the smallest integer.
   */
  static void store(
      float[] values, int from, int count, Saturation saturation, byte[] into, int at) {
    int zeroPoint = saturation.zeroPoint();
    int low = ORIGIN + saturation.min() - zeroPoint;
    int high = ORIGIN + saturation.max() - zeroPoint;
    int back = zeroPoint - ORIGIN;
    for (int i = 0; i < count; i++) {
      int lifted = Float.floatToRawIntBits(values[from + i]) + LIFT;
      into[at + i] = (byte) (Math.min(Math.max(lifted, low), high) + back);
    }
  }

  /** Writes 16-bit integers; see {@link #store(float[], int, int, Saturation, byte[], int)}. */
  static void store(
      float[] values, int from, int count, Saturation saturation, short[] into, int at) {
    int zeroPoint = saturation.zeroPoint();
    int low = ORIGIN + saturation.min() - zeroPoint;
    int high = ORIGIN + saturation.max() - zeroPoint;
    int back = zeroPoint - ORIGIN;
    for (int i = 0; i < count; i++) {
      int lifted = Float.floatToRawIntBits(values[from + i]) + LIFT;
      into[at + i] = (short) (Math.min(Math.max(lifted, low), high) + back);
    }
  }
}
