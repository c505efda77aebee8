package dev.octet.kernels.integer;

import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;

/**
 * How the rows of a QLinearSoftmax lie in its array: {@code outer x length x inner}.
 *
 * @param outer how many there are before the axis
 * @param length elements of a row
 * @param inner how far its elements are apart
 */
record SoftmaxRows(int outer, int length, int inner) {

  /** The first operator set in which a row is along one axis. */
  static final long ONE_AXIS = 13;

  /** Returns the rows of a node. */
  static SoftmaxRows of(Preparation preparation, int operand) {
    ArrayType type = preparation.operand(operand);
    boolean flat = preparation.node().intAttribute("opset", ONE_AXIS) < ONE_AXIS;
    long stated = preparation.node().intAttribute("axis", flat ? 1 : -1);
    int axis = (int) (stated < 0 ? stated + type.rank() : stated);
    int end = flat ? type.rank() : axis + 1;
    return new SoftmaxRows(
        type.product(0, axis), type.product(axis, end), type.product(end, type.rank()));
  }

  /** Returns how many rows there are. */
  int count() {
    return outer * inner;
  }

  /** Returns the index of the first element of a row. */
  int first(int row) {
    return row / inner * length * inner + row % inner;
  }
}
