package dev.octet.kernels.primitive;

/**
 * A matrix product over integers, ready to be computed: {@code acc[m, n] = c[m, n] + sum over k of
 * (a[m, k] - z_a) * (b[k, n] - z_b)} in int32, modulo 2^32; stacks of products as {@link
 * MatrixGeometry} tells.
 *
 * @param geometry the sizes
 * @param left the left matrices
 * @param right the right matrices
 * @param addend what the sums begin with
 * @param destination where the sums go
 */
public record MatrixProduct(
    MatrixGeometry geometry,
    MatrixOperand left,
    MatrixWeights right,
    Addend addend,
    Destination destination) {

  /**
   * What sums begin with: element {@code m * rowStep + n * columnStep}; 0 where there is none.
   *
   * @param values the elements, of one matrix for all products; none for 0
   * @param count how many of the elements there are
   * @param rowStep distance of rows
   * @param columnStep distance of columns, 0 or 1
   */
  @SuppressWarnings("ArrayRecordComponent") // Internal: never compared, read only.
  public record Addend(int[] values, int count, int rowStep, int columnStep) {

    /** Nothing. */
    public static Addend none() {
      return new Addend(new int[0], 0, 0, 0);
    }

    long largest() {
      long largest = 0;
      for (int i = 0; i < count; i++) {
        largest = Math.max(largest, Math.abs((long) values[i]));
      }
      return largest;
    }

    int value(int row, int column) {
      return count == 0 ? 0 : values[row * rowStep + column * columnStep];
    }
  }
}
