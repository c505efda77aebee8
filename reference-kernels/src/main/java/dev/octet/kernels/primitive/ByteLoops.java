package dev.octet.kernels.primitive;

/**
 * The loops of {@link PackedProduct} over ints that hold four k of one column. Arrays are read at
 * the index that is written, the form that the compiler turns into vectors.
 *
 * <p>With {@code w = n0 + 2^8 n1 + 2^16 n2 + 2^24 n3}, {@code a0 n0 + a1 n1 + a2 n2 + a3 n3 = a0 w
 * + (a1 - 256 a0) (w >>> 8) + (a2 - 256 a1) (w >>> 16) + (a3 - 256 a2) (w >>> 24)} modulo 2^32.
 */
final class ByteLoops {

  private static final int MASK = 0xFF;

  private ByteLoops() {}

  /** See {@link Packing#begin}. */
  static void begin(int[] acc, int[] zeros, int place, int factor, int count) {
    for (int j = 0; j < count; j++) {
      acc[j] = factor * ((zeros[j] >>> place) & MASK);
    }
  }

  /** See {@link Packing#addFour}. */
  static void addFour(int[] f, int i, int[] w, int[] acc, int count) {
    addFour(f[i], f[i + 1], f[i + 2], f[i + 3], w, acc, count);
  }

  private static void addFour(int f0, int f1, int f2, int f3, int[] w, int[] acc, int count) {
    for (int j = 0; j < count; j++) {
      acc[j] += f0 * w[j] + f1 * (w[j] >>> 8) + f2 * (w[j] >>> 16) + f3 * (w[j] >>> 24);
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
              + f1 * (w[j] >>> 8)
              + f2 * (w[j] >>> 16)
              + f3 * (w[j] >>> 24)
              + f4 * v[j]
              + f5 * (v[j] >>> 8)
              + f6 * (v[j] >>> 16)
              + f7 * (v[j] >>> 24);
    }
  }

  /** Adds sums to sums. */
  static void add(int[] acc, int[] sums, int count) {
    for (int j = 0; j < count; j++) {
      sums[j] += acc[j];
    }
  }
}
