package dev.octet.kernels.movement;

import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Pad in the modes that repeat elements: each index of the result stands for one of the operand,
 * axis by axis.
 */
final class PadByIndex implements Kernel {

  private final ArrayType y;
  private final int[][] sources;

  private PadByIndex(ArrayType y, int[][] sources) {
    this.y = y;
    this.sources = sources;
  }

  /**
   * Returns the kernel.
   *
   * @param mode edge, reflect or wrap
   * @param begins padding before the first element of each axis; negative to crop
   */
  static Kernel of(String mode, ArrayType x, ArrayType y, int[] begins) {
    int[][] sources = new int[x.rank()][];
    int stride = 1;
    for (int axis = x.rank() - 1; axis >= 0; axis--) {
      sources[axis] = new int[y.size(axis)];
      for (int i = 0; i < y.size(axis); i++) {
        sources[axis][i] = source(mode, i - begins[axis], x.size(axis)) * stride;
      }
      stride *= x.size(axis);
    }
    return new PadByIndex(y, sources);
  }

  private static int source(String mode, int index, int size) {
    if (size == 0) {
      throw new ShapeMismatchException("an empty axis cannot be padded by mode " + mode);
    }
    return switch (mode) {
      case "edge" -> Math.max(0, Math.min(size - 1, index));
      case "wrap" -> Math.floorMod(index, size);
      case "reflect" -> reflected(index, size);
      default -> throw new UnsupportedNodeException("mode '" + mode + "' is not supported");
    };
  }

  /** The edge itself is not repeated: a period holds every inner element twice. */
  private static int reflected(int index, int size) {
    if (size == 1) {
      return 0;
    }
    int period = 2 * (size - 1);
    int within = Math.floorMod(index, period);
    return within < size ? within : period - within;
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    Object x = Copies.present(operands[0]);
    Object target = Copies.present(results[0]);
    for (int i = 0; i < y.count(); i++) {
      int rest = i;
      int source = 0;
      for (int axis = sources.length - 1; axis >= 0; axis--) {
        source += sources[axis][rest % sources[axis].length];
        rest /= sources[axis].length;
      }
      Elements.copy(y.kind(), x, source, target, i);
    }
  }
}
