package dev.octet.kernels.primitive;

import dev.octet.api.graph.DataType;

/** Turns neighbouring integers of at most 8 bits, less a zero point, into floats, exactly. */
final class Widening {

  private Widening() {}

  static void widen(
      DataType type, byte[] array, int from, int count, int zeroPoint, float[] into, int at) {
    if (type.isSignedInteger()) {
      for (int i = 0; i < count; i++) {
        into[at + i] = (float) (array[from + i] - zeroPoint);
      }
    } else {
      for (int i = 0; i < count; i++) {
        into[at + i] = (float) ((array[from + i] & 0xFF) - zeroPoint);
      }
    }
  }

  /** Writes doubles; see {@link #widen(DataType, byte[], int, int, int, float[], int)}. */
  static void widen(
      DataType type, byte[] array, int from, int count, int zeroPoint, double[] into, int at) {
    if (type.isSignedInteger()) {
      for (int i = 0; i < count; i++) {
        into[at + i] = (double) (array[from + i] - zeroPoint);
      }
    } else {
      for (int i = 0; i < count; i++) {
        into[at + i] = (double) ((array[from + i] & 0xFF) - zeroPoint);
      }
    }
  }

  /** Writes integers from an index on to a place of its own each. */
  static void widen(
      DataType type, byte[] array, int from, int zeroPoint, int[] places, float[] into) {
    int mask = type.isSignedInteger() ? -1 : 0xFF;
    for (int i = 0; i < places.length; i++) {
      into[places[i]] = (float) ((array[from + i] & mask) - zeroPoint);
    }
  }

  /** Returns the largest magnitude that an integer less a zero point can have. */
  static int largest(DataType type, int zeroPoint) {
    int min = type.isSignedInteger() ? -1 << (type.bits() - 1) : 0;
    int max = min + (1 << type.bits()) - 1;
    return Math.max(Math.abs(min - zeroPoint), Math.abs(max - zeroPoint));
  }
}
