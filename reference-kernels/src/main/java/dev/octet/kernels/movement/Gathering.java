package dev.octet.kernels.movement;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.KernelDataException;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.primitive.StoredIntegers;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.thread.Workers;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gather and GatherElements: elements by index along one axis; negative indices count from the end.
 */
final class Gathering {

  private Gathering() {}

  /**
   * Gather: whole slices by index. Integers of at most 8 bits that are constants of the model stay
   * as it stores them.
   */
  static CompiledNode gather(Compilation compilation) {
    Optional<StoredIntegers> stored =
        compilation
            .constant(0)
            .filter(constant -> isStored(constant.type().dataType()))
            .map(constant -> StoredIntegers.of(constant.tensor()));
    return new CompiledNode() {
      @Override
      public Kernel bind(Preparation preparation) {
        return gather(preparation, stored);
      }

      @Override
      public boolean reads(int operand) {
        return operand != 0 || stored.isEmpty();
      }
    };
  }

  private static boolean isStored(DataType type) {
    return type.isInteger() && type.bits() <= Byte.SIZE;
  }

  private static Kernel gather(Preparation preparation, Optional<StoredIntegers> stored) {
    ArrayType x = preparation.operand(0);
    ArrayType indices = preparation.operand(1);
    int axis = Dimensions.axis(preparation.node().intAttribute("axis", 0), x.rank());
    int outer = x.product(0, axis);
    int size = x.size(axis);
    int block = x.product(axis + 1, x.rank());
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Slices source = stored.isPresent() ? packed(stored.get(), block) : array(operands[0]);
        Object chosen = Copies.present(operands[1]);
        Object target = Copies.present(results[0]);
        for (int i = 0; i < indices.count(); i++) {
          int index = index(indices.dataType(), chosen, i, size);
          for (int o = 0; o < outer; o++) {
            int to = (o * indices.count() + i) * block;
            source.copy((o * size + index) * block, target, to, block);
          }
        }
      }
    };
  }

  /** Copies neighbouring elements to an array. */
  private interface Slices {
    void copy(int from, Object target, int to, int count);
  }

  private static Slices array(@Nullable Object operand) {
    Object source = Copies.present(operand);
    return (from, target, to, count) -> System.arraycopy(source, from, target, to, count);
  }

  private static Slices packed(StoredIntegers stored, int longest) {
    byte[] slice = new byte[longest];
    return (from, target, to, count) -> {
      stored.read(from, count, slice);
      System.arraycopy(slice, 0, target, to, count);
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
