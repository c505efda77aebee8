package dev.octet.kernels.array;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType;
import java.util.Arrays;

/**
 * The element type and the sizes of a value whose shape is known. Immutable and thread-safe.
 *
 * <p>The number of elements is at most 2^31 - 1.
 */
public final class ArrayType {

  private final DataType dataType;
  private final int[] sizes;
  private final int count;

  private ArrayType(DataType dataType, int[] sizes) {
    this.dataType = dataType;
    this.sizes = sizes;
    this.count = product(0, sizes.length);
  }

  /**
   * Returns a type.
   *
   * @param sizes sizes of the dimensions, outermost first; none for a scalar
   * @throws UncountableException if there are more than 2^31 - 1 elements
   */
  public static ArrayType of(DataType dataType, int... sizes) {
    return new ArrayType(dataType, sizes.clone());
  }

  /**
   * Returns a type.
   *
   * @throws UncountableException if there are more than 2^31 - 1 elements
   */
  public static ArrayType of(DataType dataType, long[] sizes) {
    int[] narrow = new int[sizes.length];
    for (int i = 0; i < narrow.length; i++) {
      if (sizes[i] > Integer.MAX_VALUE) {
        throw new UncountableException(sizes);
      }
      narrow[i] = (int) sizes[i];
    }
    return new ArrayType(dataType, narrow);
  }

  /** Returns the element type. */
  public DataType dataType() {
    return dataType;
  }

  /** Returns the array kind that the elements are kept in. */
  public ArrayKind kind() {
    return ArrayKind.of(dataType);
  }

  /** Returns a copy of the sizes. */
  public int[] sizes() {
    return sizes.clone();
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return sizes.length;
  }

  /** Returns the size of one dimension, counted from the outermost. */
  public int size(int axis) {
    return sizes[axis];
  }

  /** Returns the number of elements, 1 for a scalar. */
  public int count() {
    return count;
  }

  /** Returns the bytes that an array of the elements takes. */
  public long bytes() {
    return (long) count * kind().elementBytes();
  }

  /**
   * Returns the product of the sizes of dimensions {@code from} to {@code to - 1}; 1 for none, and
   * 0 where one is 0, however large the others.
   *
   * @throws UncountableException if it is more than 2^31 - 1
   */
  public int product(int from, int to) {
    return product(sizes, from, to);
  }

  /**
   * Returns the product of sizes; 1 for none, and 0 where one is 0, however large the others.
   *
   * @param sizes sizes of at least 0
   * @throws UncountableException if it is more than 2^31 - 1
   */
  public static int product(int... sizes) {
    return product(sizes, 0, sizes.length);
  }

  private static int product(int[] sizes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (sizes[i] == 0) {
        return 0;
      }
    }
    long product = 1;
    for (int i = from; i < to; i++) {
      product *= sizes[i];
      if (product > Integer.MAX_VALUE) {
        throw new UncountableException(sizes);
      }
    }
    return (int) product;
  }

  /** Returns the same type in the vocabulary of graphs. */
  public ValueType.TensorType toTensorType() {
    long[] wide = new long[sizes.length];
    Arrays.setAll(wide, i -> sizes[i]);
    return ValueType.TensorType.of(dataType, Shape.of(wide));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ArrayType that
        && dataType == that.dataType
        && Arrays.equals(sizes, that.sizes);
  }

  @Override
  public int hashCode() {
    return 31 * dataType.hashCode() + Arrays.hashCode(sizes);
  }

  @Override
  public String toString() {
    return dataType + Arrays.toString(sizes);
  }
}
