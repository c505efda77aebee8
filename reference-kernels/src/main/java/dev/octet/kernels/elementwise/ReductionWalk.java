package dev.octet.kernels.elementwise;

import dev.octet.kernels.shape.ReduceAxes;
import java.util.Arrays;

/**
 * Where the elements stand that a reduction combines: for each kept index a base, and from there
 * lines of evenly spaced elements, in row-major order. Immutable and thread-safe.
 */
final class ReductionWalk {

  private final int[] keptSizes;
  private final int[] keptStrides;
  private final int[] lines;
  private final int length;
  private final int step;

  private ReductionWalk(int[] keptSizes, int[] keptStrides, int[] lines, int length, int step) {
    this.keptSizes = keptSizes;
    this.keptStrides = keptStrides;
    this.lines = lines;
    this.length = length;
    this.step = step;
  }

  /**
   * Plans a walk.
   *
   * @param sizes sizes of the operand
   * @param axes the reduced axes, each between 0 and the rank
   */
  static ReductionWalk of(int[] sizes, int[] axes) {
    int rank = sizes.length;
    int[] kept = new int[rank];
    int[] keptStrides = new int[rank];
    int[] reduced = new int[rank];
    int[] reducedStrides = new int[rank];
    int keptCount = 0;
    int reducedCount = 0;
    int stride = 1;
    // From the innermost axis outwards; neighbours that are reduced together become one.
    for (int axis = rank - 1; axis >= 0; axis--) {
      if (!ReduceAxes.contains(axes, axis)) {
        kept[keptCount] = sizes[axis];
        keptStrides[keptCount++] = stride;
      } else if (reducedCount > 0
          && reducedStrides[reducedCount - 1] * reduced[reducedCount - 1] == stride) {
        reduced[reducedCount - 1] *= sizes[axis];
      } else {
        reduced[reducedCount] = sizes[axis];
        reducedStrides[reducedCount++] = stride;
      }
      stride *= sizes[axis];
    }
    int length = reducedCount == 0 ? 1 : reduced[0];
    int step = reducedCount == 0 ? 0 : reducedStrides[0];
    int[] lines = lines(reduced, reducedStrides, reducedCount);
    int[] keptSizes = Arrays.copyOf(kept, keptCount);
    return new ReductionWalk(keptSizes, keptStrides, lines, length, step);
  }

  private static int[] lines(int[] sizes, int[] strides, int count) {
    int total = 1;
    for (int i = 1; i < count; i++) {
      total *= sizes[i];
    }
    int[] lines = new int[total];
    for (int line = 0; line < total; line++) {
      int rest = line;
      for (int i = 1; i < count; i++) {
        lines[line] += rest % sizes[i] * strides[i];
        rest /= sizes[i];
      }
    }
    return lines;
  }

  /** Returns the number of elements that are combined into one. */
  int reduced() {
    return lines.length * length;
  }

  /** Returns the number of lines. */
  int lines() {
    return lines.length;
  }

  /** Returns the elements of a line. */
  int length() {
    return length;
  }

  /** Returns the distance of neighbours in a line. */
  int step() {
    return step;
  }

  /** Returns where a line begins, counted from the base. */
  int line(int line) {
    return lines[line];
  }

  /** Returns the base of a result element. */
  int base(int result) {
    int rest = result;
    int base = 0;
    for (int i = 0; i < keptSizes.length; i++) {
      base += rest % keptSizes[i] * keptStrides[i];
      rest /= keptSizes[i];
    }
    return base;
  }

  /** Returns where the k-th element stands that is combined into a result element. */
  int index(int result, int k) {
    return base(result) + lines[k / length] + k % length * step;
  }
}
