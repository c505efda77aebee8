package dev.octet.kernels.exact;

/** Where elements lie in row-major order. */
final class Indices {

  private Indices() {}

  /** Returns the index in an operand that broadcasts to a result. */
  static int broadcast(int index, int[] result, int[] operand) {
    int rest = index;
    int at = 0;
    int weight = 1;
    for (int axis = result.length - 1; axis >= 0; axis--) {
      int own = axis - result.length + operand.length;
      int size = own < 0 ? 1 : operand[own];
      at += size == 1 ? 0 : rest % result[axis] * weight;
      weight *= size;
      rest /= result[axis];
    }
    return at;
  }

  /** Returns the position along one axis of an index. */
  static int along(int index, int[] sizes, int axis) {
    return index / product(sizes, axis + 1, sizes.length) % sizes[axis];
  }

  /** Returns the product of the sizes of dimensions {@code from} to {@code to - 1}. */
  static int product(int[] sizes, int from, int to) {
    int product = 1;
    for (int i = from; i < to; i++) {
      product = Math.multiplyExact(product, sizes[i]);
    }
    return product;
  }
}
