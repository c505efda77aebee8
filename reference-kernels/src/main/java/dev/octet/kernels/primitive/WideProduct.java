package dev.octet.kernels.primitive;

/**
 * A {@link MatrixProduct} whose operands may have 16 bits, and whose sums are those of the written
 * rule in 64 bits.
 *
 * @param geometry the sizes
 * @param a the left matrices less their zero point
 * @param right the right matrices
 * @param start what the sums begin with
 * @param destination where the sums go
 */
@SuppressWarnings("ArrayRecordComponent") // Internal: never compared, read only.
public record WideProduct(
    MatrixGeometry geometry, int[] a, WideWeights right, Start start, Destination destination) {

  /** What the sums of a product begin with. */
  @FunctionalInterface
  public interface Start {

    /** Nothing. */
    Start NONE = (row, column) -> 0;

    /** Returns what the sum of one element of each product begins with. */
    long at(int row, int column);
  }
}
