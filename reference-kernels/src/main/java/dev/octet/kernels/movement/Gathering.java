package dev.octet.kernels.movement;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.KernelDataException;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Gather and GatherElements: elements by index along one axis; negative indices count from the end.
 */
final class Gathering {

  private Gathering() {}

  /** Gather: whole slices by index. */
  static Kernel gather(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    ArrayType indices = preparation.operand(1);
    int axis = Dimensions.axis(preparation.node().intAttribute("axis", 0), x.rank());
    int outer = x.product(0, axis);
    int size = x.size(axis);
    int block = x.product(axis + 1, x.rank());
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Object source = Copies.present(operands[0]);
        Object chosen = Copies.present(operands[1]);
        Object target = Copies.present(results[0]);
        for (int i = 0; i < indices.count(); i++) {
          int index = index(indices.dataType(), chosen, i, size);
          for (int o = 0; o < outer; o++) {
            int to = (o * indices.count() + i) * block;
            System.arraycopy(source, (o * size + index) * block, target, to, block);
          }
        }
      }
    };
  }

  /** GatherElements: one element for each index, from the same place along the other axes. */
  static Kernel gatherElements(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    ArrayType indices = preparation.operand(1);
    int axis = Dimensions.axis(preparation.node().intAttribute("axis", 0), x.rank());
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Object source = Copies.present(operands[0]);
        Object chosen = Copies.present(operands[1]);
        Object target = Copies.present(results[0]);
        for (int i = 0; i < indices.count(); i++) {
          int index = index(indices.dataType(), chosen, i, x.size(axis));
          int from = place(x, indices, axis, i, index);
          Elements.copy(x.kind(), source, from, target, i);
        }
      }
    };
  }

  private static int place(ArrayType x, ArrayType indices, int axis, int position, int index) {
    int rest = position;
    int stride = 1;
    int from = 0;
    for (int a = x.rank() - 1; a >= 0; a--) {
      from += (a == axis ? index : rest % indices.size(a)) * stride;
      rest /= indices.size(a);
      stride *= x.size(a);
    }
    return from;
  }

  private static int index(DataType type, Object indices, int i, int size) {
    long index = Elements.integer(type, indices, i);
    if (index < -size || index >= size) {
      throw new KernelDataException("index " + index + " lies outside an axis of " + size);
    }
    return (int) (index < 0 ? index + size : index);
  }
}
