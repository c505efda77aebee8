package dev.octet.kernels.elementwise;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/**
 * ArgMax and ArgMin: the index of the first largest or smallest element along an axis, or of the
 * last one with select_last_index. An element that is NaN never takes the place of another one.
 */
final class ArgumentReduction implements Kernel {

  private final ArrayType x;
  private final int axis;
  private final int sign;
  private final boolean last;

  private ArgumentReduction(ArrayType x, int axis, int sign, boolean last) {
    this.x = x;
    this.axis = axis;
    this.sign = sign;
    this.last = last;
  }

  static Kernel largest(Preparation preparation) {
    return prepare(preparation, 1);
  }

  static Kernel smallest(Preparation preparation) {
    return prepare(preparation, -1);
  }

  private static Kernel prepare(Preparation preparation, int sign) {
    ArrayType x = preparation.operand(0);
    int axis = Dimensions.axis(preparation.node().intAttribute("axis", 0), x.rank());
    boolean last = preparation.node().intAttribute("select_last_index", 0) != 0;
    return new ArgumentReduction(x, axis, sign, last);
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    Object source = ElementwiseOperators.present(operands[0]);
    long[] target = (long[]) ElementwiseOperators.present(results[0]);
    int inner = x.product(axis + 1, x.rank());
    int size = x.size(axis);
    for (int o = 0; o < x.product(0, axis); o++) {
      for (int i = 0; i < inner; i++) {
        target[o * inner + i] = best(source, o * size * inner + i, inner, size);
      }
    }
  }

  private int best(Object source, int at, int step, int size) {
    int best = 0;
    for (int i = 1; i < size; i++) {
      int order = sign * compare(source, at + i * step, at + best * step);
      best = order > 0 || (last && order == 0) ? i : best;
    }
    return best;
  }

  private int compare(Object source, int a, int b) {
    DataType type = x.dataType();
    if (!Elements.isReal(type)) {
      return Arithmetic.compare(
          type, Elements.integer(type, source, a), Elements.integer(type, source, b));
    }
    double first = Elements.real(type, source, a);
    double second = Elements.real(type, source, b);
    if (Double.isNaN(first)) {
      return -sign;
    }
    return first > second ? 1 : first < second ? -1 : first == second ? 0 : sign;
  }
}
