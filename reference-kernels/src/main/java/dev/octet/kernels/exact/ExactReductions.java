package dev.octet.kernels.exact;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** Averages and sums. */
public final class ExactReductions {

  private ExactReductions() {}

  /** QLinearAveragePool. */
  public static IntFunction<ExactElement> averagePool(
      ExactOperands operands, QuantizedOperand x, ResultParameters y) {
    Windows windows = Windows.ofPool(operands.node(), x.sizes(), operands.sizes());
    boolean countPads = operands.node().intAttribute("count_include_pad", 0) != 0;
    return index -> {
      int position = index % windows.positions();
      BigDecimal sum = BigDecimal.ZERO;
      BigDecimal magnitude = BigDecimal.ZERO;
      int inside = 0;
      for (int tap = 0; tap < windows.taps(); tap++) {
        int offset = windows.offset(position, tap);
        if (offset >= 0) {
          BigDecimal value = x.value(index / windows.positions() * windows.inputs() + offset);
          sum = sum.add(value);
          magnitude = magnitude.add(value.abs());
          inside++;
        }
      }
      int count = countPads ? windows.counted(operands.node(), position) : inside;
      return y.element(sum, magnitude, count, inside);
    };
  }

  /** QLinearGlobalAveragePool: over all axes but the first and the channels' one. */
  public static IntFunction<ExactElement> globalAveragePool(
      ExactOperands operands, QuantizedOperand x, ResultParameters y) {
    boolean[] reduced = new boolean[x.rank()];
    Arrays.fill(reduced, true);
    reduced[0] = false;
    boolean last = operands.node().intAttribute("channels_last", 0) != 0;
    reduced[last ? reduced.length - 1 : 1] = false;
    return reduction(x, y, reduced, true);
  }

  /** QLinearReduceMean: over the axes of the attribute axes; over all when it is absent. */
  public static IntFunction<ExactElement> reduceMean(
      ExactOperands operands, QuantizedOperand x, ResultParameters y) {
    return reduction(x, y, statedAxes(operands, x), true);
  }

  /** QLinearReduceSum: over the axes of the attribute axes; over all when it is absent. */
  public static IntFunction<ExactElement> reduceSum(
      ExactOperands operands, QuantizedOperand x, ResultParameters y) {
    return reduction(x, y, statedAxes(operands, x), false);
  }

  private static boolean[] statedAxes(ExactOperands operands, QuantizedOperand x) {
    boolean[] reduced = new boolean[x.rank()];
    Optional<List<Long>> axes = operands.node().intsAttribute("axes");
    Arrays.fill(reduced, axes.isEmpty());
    for (long axis : axes.orElse(List.of())) {
      reduced[(int) (axis < 0 ? axis + reduced.length : axis)] = true;
    }
    return reduced;
  }

  private static IntFunction<ExactElement> reduction(
      QuantizedOperand x, ResultParameters y, boolean[] reduced, boolean averages) {
    int[] sizes = x.sizes();
    int elements = Indices.product(sizes, 0, sizes.length);
    return index -> {
      BigDecimal sum = BigDecimal.ZERO;
      BigDecimal magnitude = BigDecimal.ZERO;
      int count = 0;
      for (int i = 0; i < elements; i++) {
        if (target(i, sizes, reduced) == index) {
          sum = sum.add(x.value(i));
          magnitude = magnitude.add(x.value(i).abs());
          count++;
        }
      }
      return y.element(sum, magnitude, averages ? count : 1, count);
    };
  }

  private static int target(int index, int[] sizes, boolean[] reduced) {
    int rest = index;
    int target = 0;
    int weight = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      if (!reduced[axis]) {
        target += rest % sizes[axis] * weight;
        weight *= sizes[axis];
      }
      rest /= sizes[axis];
    }
    return target;
  }
}
