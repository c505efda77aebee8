package dev.octet.kernels.index;

import java.util.Arrays;

/**
 * Walks operands that broadcast to one result, by the rules of NumPy: as rows in which each operand
 * either advances by one element or stays.
 *
 * <p>Neighbouring dimensions in which all operands behave alike are merged first, so that operands
 * of equal shape are one row. Immutable and thread-safe.
 */
public final class Broadcast {

  private final int operands;
  private final int rows;
  private final int rowLength;
  private final int[] outerSizes;
  private final int[][] outerStrides;
  private final int[] innerStrides;

  private Broadcast(int operands, int[] sizes, int[][] strides) {
    int outer = Math.max(0, sizes.length - 1);
    this.operands = operands;
    this.outerSizes = Arrays.copyOf(sizes, outer);
    this.rowLength = sizes.length == 0 ? 1 : sizes[outer];
    this.outerStrides = new int[operands][];
    this.innerStrides = new int[operands];
    for (int i = 0; i < operands; i++) {
      outerStrides[i] = Arrays.copyOf(strides[i], outer);
      innerStrides[i] = sizes.length == 0 ? 0 : strides[i][outer];
    }
    int product = 1;
    for (int size : outerSizes) {
      product *= size;
    }
    this.rows = product;
  }

  /**
   * Plans a walk.
   *
   * @param result sizes of the result
   * @param operands sizes of each operand, which broadcast to the result
   */
  public static Broadcast of(int[] result, int[]... operands) {
    int[][] strides = new int[operands.length][];
    for (int i = 0; i < operands.length; i++) {
      strides[i] = strides(result, operands[i]);
    }
    return merged(result, strides);
  }

  /** Returns the number of rows. */
  public int rows() {
    return rows;
  }

  /** Returns the elements of a row. */
  public int rowLength() {
    return rowLength;
  }

  /** Returns by how much an operand advances from one element of a row to the next: 0 or 1. */
  public int step(int operand) {
    return innerStrides[operand];
  }

  /** Returns where a row of an operand begins. The result's row begins at row * rowLength. */
  public int offset(int operand, int row) {
    int offset = 0;
    int rest = row;
    int[] strides = outerStrides[operand];
    for (int axis = outerSizes.length - 1; axis >= 0; axis--) {
      offset += rest % outerSizes[axis] * strides[axis];
      rest /= outerSizes[axis];
    }
    return offset;
  }

  /** Returns where the element of an operand stands that meets an element of the result. */
  public int index(int operand, int element) {
    int row = element / rowLength;
    return offset(operand, row) + element % rowLength * innerStrides[operand];
  }

  /** Returns the number of operands. */
  public int operands() {
    return operands;
  }

  /** Tells whether all operands have the shape of the result. */
  public boolean isPlain() {
    boolean plain = rows == 1;
    for (int step : innerStrides) {
      plain &= step == 1;
    }
    return plain;
  }

  private static int[] strides(int[] result, int[] operand) {
    int[] strides = new int[result.length];
    int stride = 1;
    for (int axis = operand.length - 1; axis >= 0; axis--) {
      strides[axis + result.length - operand.length] = operand[axis] == 1 ? 0 : stride;
      stride *= operand[axis];
    }
    return strides;
  }

  /** Drops dimensions of size 1 and merges neighbours through which every operand runs evenly. */
  private static Broadcast merged(int[] result, int[][] strides) {
    int[] sizes = new int[result.length];
    int[][] kept = new int[strides.length][result.length];
    int rank = 0;
    for (int axis = 0; axis < result.length; axis++) {
      if (result[axis] == 1) {
        continue;
      }
      if (rank > 0 && mergeable(kept, strides, rank - 1, axis, result[axis])) {
        rank--;
        sizes[rank] *= result[axis];
      } else {
        sizes[rank] = result[axis];
      }
      for (int i = 0; i < strides.length; i++) {
        kept[i][rank] = strides[i][axis];
      }
      rank++;
    }
    for (int i = 0; i < strides.length; i++) {
      kept[i] = Arrays.copyOf(kept[i], rank);
    }
    return new Broadcast(strides.length, Arrays.copyOf(sizes, rank), kept);
  }

  private static boolean mergeable(int[][] kept, int[][] strides, int outer, int axis, int size) {
    for (int i = 0; i < strides.length; i++) {
      if (kept[i][outer] != strides[i][axis] * size) {
        return false;
      }
    }
    return true;
  }
}
