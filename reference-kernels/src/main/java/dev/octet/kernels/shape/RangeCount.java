package dev.octet.kernels.shape;

import dev.octet.api.graph.Tensor;
import dev.octet.kernels.array.SmallFloat;

/** The number of elements of a Range. */
final class RangeCount {

  private RangeCount() {}

  /**
   * Returns {@code max(0, ceil((limit - start) / delta))}; float operands are computed in double.
   *
   * @throws ShapeMismatchException if delta is 0
   */
  static long of(Tensor start, Tensor limit, Tensor delta) {
    requireNumber(start);
    requireNumber(limit);
    requireNumber(delta);
    if (start.dataType().isInteger()) {
      long step = delta.integers()[0];
      requireStep(step != 0);
      long span = Math.subtractExact(limit.integers()[0], start.integers()[0]);
      long quotient = span / step;
      return Math.max(
          0, quotient * step == span ? quotient : span > 0 == step > 0 ? quotient + 1 : quotient);
    }
    double step = scalar(delta);
    requireStep(step != 0);
    double count = Math.ceil((scalar(limit) - scalar(start)) / step);
    if (Double.isNaN(count)) {
      throw new ShapeMismatchException("a range with bounds or a delta that are no numbers");
    }
    return (long) Math.max(0, count);
  }

  private static double scalar(Tensor tensor) {
    return switch (tensor.dataType()) {
      case DOUBLE -> tensor.doubles()[0];
      case FLOAT16 -> SmallFloat.FLOAT16.value(tensor.shorts()[0]);
      case BFLOAT16 -> SmallFloat.BFLOAT16.value(tensor.shorts()[0]);
      default -> tensor.floats()[0];
    };
  }

  private static void requireNumber(Tensor tensor) {
    if (tensor.elementCount() != 1) {
      throw new ShapeMismatchException("a range with " + tensor.type() + " for a number");
    }
  }

  private static void requireStep(boolean valid) {
    if (!valid) {
      throw new ShapeMismatchException("a range with delta 0");
    }
  }
}
