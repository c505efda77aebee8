package dev.octet.kernels.index;

import dev.octet.kernels.array.ArrayKind;
import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/**
 * Copies elements between two arrays of one kind along a grid: element {@code (i0, i1, ...)} stands
 * at {@code base + i0 * stride0 + i1 * stride1 + ...} on either side. Strides of the source may be
 * 0 (an element is repeated) or negative; no two grid points share an element of the target.
 *
 * <p>Neighbouring dimensions that both sides run evenly through are merged first. Immutable and
 * thread-safe.
 */
public final class StridedCopy {

  /** Elements that are worth the cost of another thread. */
  private static final int GRAIN = 1 << 15;

  private final int[] sizes;
  private final int[] from;
  private final int[] to;
  private final int fromBase;
  private final int toBase;
  private final int rows;
  private final int length;
  private final int fromStep;
  private final int toStep;

  private StridedCopy(int[] sizes, int[] from, int fromBase, int[] to, int toBase) {
    int outer = sizes.length - 1;
    this.sizes = Arrays.copyOf(sizes, outer);
    this.from = Arrays.copyOf(from, outer);
    this.to = Arrays.copyOf(to, outer);
    this.fromBase = fromBase;
    this.toBase = toBase;
    this.length = sizes[outer];
    this.fromStep = from[outer];
    this.toStep = to[outer];
    int product = length == 0 ? 0 : 1;
    for (int size : this.sizes) {
      product *= size;
    }
    this.rows = product;
  }

  /**
   * Plans a copy.
   *
   * @param sizes sizes of the grid
   * @param from strides of the source
   * @param fromBase index of the source's element at grid point 0
   * @param to strides of the target
   * @param toBase index of the target's element at grid point 0
   */
  public static StridedCopy of(int[] sizes, int[] from, int fromBase, int[] to, int toBase) {
    int[] mergedSizes = new int[sizes.length + 1];
    int[] mergedFrom = new int[sizes.length + 1];
    int[] mergedTo = new int[sizes.length + 1];
    int rank = 0;
    for (int axis = 0; axis < sizes.length; axis++) {
      int size = sizes[axis];
      if (size == 1) {
        continue;
      }
      boolean even =
          rank > 0
              && mergedFrom[rank - 1] == from[axis] * size
              && mergedTo[rank - 1] == to[axis] * size;
      rank -= even ? 1 : 0;
      mergedSizes[rank] = even ? mergedSizes[rank] * size : size;
      mergedFrom[rank] = from[axis];
      mergedTo[rank] = to[axis];
      rank++;
    }
    if (rank == 0) {
      mergedSizes[rank++] = 1;
    }
    return new StridedCopy(
        Arrays.copyOf(mergedSizes, rank),
        Arrays.copyOf(mergedFrom, rank),
        fromBase,
        Arrays.copyOf(mergedTo, rank),
        toBase);
  }

  /** Plans a copy to a target in which the grid stands in row-major order from index 0. */
  public static StridedCopy toRows(int[] sizes, int[] from, int fromBase) {
    return of(sizes, from, fromBase, rowMajor(sizes), 0);
  }

  /** Returns the strides of a row-major array. */
  public static int[] rowMajor(int[] sizes) {
    int[] strides = new int[sizes.length];
    int stride = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= sizes[axis];
    }
    return strides;
  }

  /** Copies all elements. */
  public void run(ArrayKind kind, Object source, Object target, Workers workers) {
    int grain = Math.max(1, GRAIN / Math.max(1, length));
    workers.forRange(rows, grain, (first, end) -> rows(kind, source, target, first, end));
  }

  private void rows(ArrayKind kind, Object source, Object target, int first, int end) {
    int[] index = new int[sizes.length];
    int fromAt = fromBase;
    int toAt = toBase;
    int rest = first;
    for (int axis = sizes.length - 1; axis >= 0 && first < end; axis--) {
      index[axis] = rest % sizes[axis];
      rest /= sizes[axis];
      fromAt += index[axis] * from[axis];
      toAt += index[axis] * to[axis];
    }
    for (int row = first; row < end; row++) {
      row(kind, source, fromAt, target, toAt);
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        fromAt += from[axis];
        toAt += to[axis];
        if (++index[axis] < sizes[axis]) {
          break;
        }
        fromAt -= from[axis] * sizes[axis];
        toAt -= to[axis] * sizes[axis];
        index[axis] = 0;
      }
    }
  }

  private void row(ArrayKind kind, Object source, int fromAt, Object target, int toAt) {
    if (fromStep == 1 && toStep == 1) {
      System.arraycopy(source, fromAt, target, toAt, length);
      return;
    }
    switch (kind) {
      case FLOATS -> copy((float[]) source, fromAt, (float[]) target, toAt);
      case DOUBLES -> copy((double[]) source, fromAt, (double[]) target, toAt);
      case BYTES -> copy((byte[]) source, fromAt, (byte[]) target, toAt);
      case SHORTS -> copy((short[]) source, fromAt, (short[]) target, toAt);
      case INTS -> copy((int[]) source, fromAt, (int[]) target, toAt);
      case LONGS -> copy((long[]) source, fromAt, (long[]) target, toAt);
    }
  }

  private void copy(float[] source, int fromAt, float[] target, int toAt) {
    for (int i = 0; i < length; i++) {
      target[toAt + i * toStep] = source[fromAt + i * fromStep];
    }
  }

  private void copy(double[] source, int fromAt, double[] target, int toAt) {
    for (int i = 0; i < length; i++) {
      target[toAt + i * toStep] = source[fromAt + i * fromStep];
    }
  }

  private void copy(byte[] source, int fromAt, byte[] target, int toAt) {
    for (int i = 0; i < length; i++) {
      target[toAt + i * toStep] = source[fromAt + i * fromStep];
    }
  }

  private void copy(short[] source, int fromAt, short[] target, int toAt) {
    for (int i = 0; i < length; i++) {
      target[toAt + i * toStep] = source[fromAt + i * fromStep];
    }
  }

  private void copy(int[] source, int fromAt, int[] target, int toAt) {
    for (int i = 0; i < length; i++) {
      target[toAt + i * toStep] = source[fromAt + i * fromStep];
    }
  }

  private void copy(long[] source, int fromAt, long[] target, int toAt) {
    for (int i = 0; i < length; i++) {
      target[toAt + i * toStep] = source[fromAt + i * fromStep];
    }
  }
}
