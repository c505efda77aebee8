package dev.octet.kernels.primitive;

/**
 * The loops of {@link PackedProduct} over ints that hold two columns each. Arrays are read at the
 * index that is written, the form that the compiler turns into vectors.
 *
 * <p>With {@code w = n0 + 2^4 n1 + 2^8 n2 + 2^12 n3} in each half, and {@code w >>> 4}, {@code w
 * >>> 8} and {@code w >>> 12} without the bits of the neighbour, {@code a0 n0 + a1 n1 + a2 n2 + a3
 * n3 = a0 w + (a1 - 16 a0) (w >>> 4) + (a2 - 16 a1) (w >>> 8) + (a3 - 16 a2) (w >>> 12)}: the
 * factors of a word.
 */
final class NibbleLoops {

  private static final int THREE = 0x0FFF0FFF;
  private static final int TWO = 0x00FF00FF;
  private static final int ONE = 0x000F000F;

  private NibbleLoops() {}

  /** See {@link Packing#begin}. */
  static void begin(int[] acc, int[] zeros, int place, int factor, int count) {
    for (int j = 0; j < count; j++) {
      acc[j] = factor * ((zeros[j] >>> place) & ONE);
    }
  }

  /** See {@link Packing#addFour}. */
  static void addFour(int[] f, int i, int[] w, int[] acc, int count) {
    addFour(f[i], f[i + 1], f[i + 2], f[i + 3], w, acc, count);
  }

  private static void addFour(int f0, int f1, int f2, int f3, int[] w, int[] acc, int count) {
    for (int j = 0; j < count; j++) {
      acc[j] +=
          f0 * w[j]
              + f1 * ((w[j] >>> 4) & THREE)
              + f2 * ((w[j] >>> 8) & TWO)
              + f3 * ((w[j] >>> 12) & ONE);
    }
  }

  /** See {@link Packing#addEight}. */
  static void addEight(int[] f, int i, int[] w, int[] v, int[] acc, int count) {
    addEight(
        f[i], f[i + 1], f[i + 2], f[i + 3], f[i + 4], f[i + 5], f[i + 6], f[i + 7], w, v, acc,
        count);
  }

  private static void addEight(
      int f0,
      int f1,
      int f2,
      int f3,
      int f4,
      int f5,
      int f6,
      int f7,
      int[] w,
      int[] v,
      int[] acc,
      int count) {
    for (int j = 0; j < count; j++) {
      acc[j] +=
          f0 * w[j]
              + f1 * ((w[j] >>> 4) & THREE)
              + f2 * ((w[j] >>> 8) & TWO)
              + f3 * ((w[j] >>> 12) & ONE)
              + f4 * v[j]
              + f5 * ((v[j] >>> 4) & THREE)
              + f6 * ((v[j] >>> 8) & TWO)
              + f7 * ((v[j] >>> 12) & ONE);
    }
  }

  /** Adds what the low halves hold. */
  static void addLow(int[] acc, int[] sums, int count) {
    for (int j = 0; j < count; j++) {
      sums[j] += acc[j] << 16 >> 16;
    }
  }

  /** Adds what the high halves hold beside what was carried out of the low ones. */
  static void addHigh(int[] acc, int[] sums, int count) {
    for (int j = 0; j < count; j++) {
      sums[j] += (acc[j] - (acc[j] << 16 >> 16)) >> 16;
    }
  }
}
