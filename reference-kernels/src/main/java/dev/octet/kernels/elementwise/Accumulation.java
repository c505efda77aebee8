package dev.octet.kernels.elementwise;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.KernelDataException;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/**
 * CumSum and CumProd along the axis that operand 1 holds, forwards or from the end, with or without
 * the element itself. Integers wrap around in 64 bits; floats are accumulated in double, and each
 * result is rounded once.
 */
final class Accumulation implements Kernel {

  private final ArrayType x;
  private final DataType axisType;
  private final boolean product;
  private final boolean exclusive;
  private final boolean reverse;

  private Accumulation(Preparation preparation, boolean product) {
    this.x = preparation.operand(0);
    this.axisType = preparation.operand(1).dataType();
    this.product = product;
    this.exclusive = preparation.node().intAttribute("exclusive", 0) != 0;
    this.reverse = preparation.node().intAttribute("reverse", 0) != 0;
  }

  static Kernel sum(Preparation preparation) {
    return new Accumulation(preparation, false);
  }

  static Kernel product(Preparation preparation) {
    return new Accumulation(preparation, true);
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    Object source = ElementwiseOperators.present(operands[0]);
    Object target = ElementwiseOperators.present(results[0]);
    long stated = Elements.integer(axisType, ElementwiseOperators.present(operands[1]), 0);
    if (stated < -x.rank() || stated >= x.rank()) {
      throw new KernelDataException("axis " + stated + " lies outside rank " + x.rank());
    }
    int axis = (int) (stated < 0 ? stated + x.rank() : stated);
    int inner = x.product(axis + 1, x.rank());
    int size = x.size(axis);
    for (int line = 0; line < x.product(0, axis) * inner; line++) {
      int begin = line / inner * size * inner + line % inner;
      int first = reverse ? begin + (size - 1) * inner : begin;
      if (Elements.isReal(x.dataType())) {
        reals(source, target, first, reverse ? -inner : inner, size);
      } else {
        integers(source, target, first, reverse ? -inner : inner, size);
      }
    }
  }

  private void reals(Object source, Object target, int first, int step, int size) {
    double total = product ? 1 : 0;
    for (int i = 0; i < size; i++) {
      int at = first + i * step;
      double value = Elements.real(x.dataType(), source, at);
      double next = product ? total * value : total + value;
      Elements.putReal(x.dataType(), target, at, exclusive ? total : next);
      total = next;
    }
  }

  private void integers(Object source, Object target, int first, int step, int size) {
    long total = product ? 1 : 0;
    for (int i = 0; i < size; i++) {
      int at = first + i * step;
      long value = Elements.integer(x.dataType(), source, at);
      long next = product ? total * value : total + value;
      Elements.putInteger(x.dataType(), target, at, exclusive ? total : next);
      total = next;
    }
  }
}
