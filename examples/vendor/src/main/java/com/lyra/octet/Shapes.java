package com.lyra.octet;

import java.util.Arrays;

/** Sizes, and where elements lie. */
final class Shapes {

  private Shapes() {}

  static int count(long... sizes) {
    int count = 1;
    for (long size : sizes) {
      count = Math.multiplyExact(count, Math.toIntExact(size));
    }
    return count;
  }

  /** Returns the indices of an element along each axis. */
  static int[] coordinates(int element, long... sizes) {
    int[] at = new int[sizes.length];
    int rest = element;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      at[axis] = rest % (int) sizes[axis];
      rest /= (int) sizes[axis];
    }
    return at;
  }

  /** Returns the sizes that two shapes broadcast to. */
  static long[] broadcast(long[] a, long[] b) {
    long[] sizes = new long[Math.max(a.length, b.length)];
    for (int i = 1; i <= sizes.length; i++) {
      long one = i <= a.length ? a[a.length - i] : 1;
      long other = i <= b.length ? b[b.length - i] : 1;
      sizes[sizes.length - i] = one == 1 ? other : one;
    }
    return sizes;
  }

  /** Returns which element each element of a broadcast shape reads. */
  static int[] reads(long[] sizes, long[] result) {
    int[] reads = new int[count(result)];
    for (int i = 0; i < reads.length; i++) {
      int[] at = coordinates(i, result);
      int element = 0;
      for (int axis = 0; axis < sizes.length; axis++) {
        int index = at[axis + result.length - sizes.length];
        element = element * (int) sizes[axis] + (sizes[axis] == 1 ? 0 : index);
      }
      reads[i] = element;
    }
    return reads;
  }

  /** Returns the sizes without the last ones. */
  static long[] front(long[] sizes, int without) {
    return Arrays.copyOf(sizes, sizes.length - without);
  }
}
