package dev.octet.kernels.scatter;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.KernelDataException;

/** Places in a tensor that indices name; negative ones count from the end. */
final class Places {

  private Places() {}

  /**
   * Returns an index of an axis.
   *
   * @throws KernelDataException if it lies outside
   */
  static int index(DataType type, Object indices, int at, int size) {
    long index = Elements.integer(type, indices, at);
    if (index < -size || index >= size) {
      throw new KernelDataException("index " + index + " lies outside an axis of " + size);
    }
    return (int) (index < 0 ? index + size : index);
  }

  /**
   * Returns where the elements begin that a row of indices names, one for each of the first axes.
   *
   * @param skipped axes before those, which the row does not name
   */
  static int begin(ArrayType x, int skipped, DataType type, Object indices, int row, int length) {
    int at = 0;
    for (int i = 0; i < length; i++) {
      int size = x.size(skipped + i);
      at = at * size + index(type, indices, row * length + i, size);
    }
    return at * x.product(skipped + length, x.rank());
  }
}
