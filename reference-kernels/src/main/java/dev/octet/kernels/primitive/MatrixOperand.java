package dev.octet.kernels.primitive;

import dev.octet.api.graph.DataType;

/**
 * The left matrices of a product: integers of at most 8 bits and their zero points.
 *
 * @param type their type
 * @param array the elements
 * @param zeroPoints zero points of the operand as a whole, of each row of a matrix, or of each row
 *     of each matrix
 */
@SuppressWarnings("ArrayRecordComponent") // Internal: never compared, read only.
public record MatrixOperand(DataType type, byte[] array, int[] zeroPoints) {

  /** Returns the zero point of a line of a matrix that has some number of lines. */
  int zeroPoint(int matrix, int line, int lines) {
    if (zeroPoints.length == 1) {
      return zeroPoints[0];
    }
    return zeroPoints[zeroPoints.length == lines ? line : matrix * lines + line];
  }

  /** Returns the largest magnitude that an element less its zero point can have. */
  int largest() {
    int largest = 0;
    for (int zeroPoint : zeroPoints) {
      largest = Math.max(largest, Widening.largest(type, zeroPoint));
    }
    return largest;
  }
}
