package dev.octet.kernels.primitive;

/** Multipliers or scales of neighbouring columns, from index 0. */
public final class Factors {

  private final float[] values;
  private final boolean bounded;

  private Factors(float[] values, boolean bounded) {
    this.values = values;
    this.bounded = bounded;
  }

  /** Returns those of some columns; {@code all} holds one for all columns or one for each. */
  static Factors of(float[] all, int first, int count) {
    float[] values = new float[count];
    boolean bounded = true;
    for (int i = 0; i < count; i++) {
      values[i] = all[all.length == 1 ? 0 : first + i];
      bounded &= Math.abs(values[i]) <= ShiftedRows.LARGEST_FACTOR;
    }
    return new Factors(values, bounded);
  }

  /** The factors; not copied. */
  float[] values() {
    return values;
  }

  /** Tells whether none is beyond {@link ShiftedRows#LARGEST_FACTOR}, or no number. */
  boolean areBounded() {
    return bounded;
  }
}
