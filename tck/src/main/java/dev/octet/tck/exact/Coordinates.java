package dev.octet.tck.exact;

/** Positions of elements in row-major order. */
final class Coordinates {

  private Coordinates() {}

  /** Returns where an element lies along each axis. */
  static long[] of(int index, long[] sizes) {
    long[] at = new long[sizes.length];
    long rest = index;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      at[axis] = rest % sizes[axis];
      rest /= sizes[axis];
    }
    return at;
  }

  /** Returns the index of an element. */
  static int index(long[] at, long[] sizes) {
    long index = 0;
    for (int axis = 0; axis < sizes.length; axis++) {
      index = index * sizes[axis] + at[axis];
    }
    return Math.toIntExact(index);
  }

  /** Returns the index in an operand that broadcasts to a result. */
  static int broadcast(int index, long[] result, long[] operand) {
    long[] at = of(index, result);
    long[] own = new long[operand.length];
    for (int axis = 0; axis < operand.length; axis++) {
      own[axis] = operand[axis] == 1 ? 0 : at[axis + result.length - operand.length];
    }
    return index(own, operand);
  }

  /** Returns how many elements there are. */
  static int count(long[] sizes) {
    long count = 1;
    for (long size : sizes) {
      count *= size;
    }
    return Math.toIntExact(count);
  }
}
