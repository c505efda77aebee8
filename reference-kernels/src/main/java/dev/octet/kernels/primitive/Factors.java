package dev.octet.kernels.primitive;

/** Multipliers or scales of neighbouring columns, from index 0. */
public final class Factors {

  private final float[] values;
  private final boolean finite;

  private Factors(float[] values, boolean finite) {
    this.values = values;
    this.finite = finite;
  }

  /** Returns those of some columns; {@code all} holds one for all columns or one for each. */
  static Factors of(float[] all, int first, int count) {
    float[] values = new float[count];
    boolean finite = true;
    for (int i = 0; i < count; i++) {
      values[i] = all[all.length == 1 ? 0 : first + i];
      finite &= Float.isFinite(values[i]);
    }
    return new Factors(values, finite);
  }

  /** The factors; not copied. */
  float[] values() {
    return values;
  }

  boolean areFinite() {
    return finite;
  }
}
