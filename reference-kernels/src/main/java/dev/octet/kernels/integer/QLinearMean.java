package dev.octet.kernels.integer;

import dev.octet.kernels.primitive.Requantizer;
import dev.octet.kernels.registry.ArrayType;
import dev.octet.kernels.registry.Kernel;
import dev.octet.kernels.registry.OperatorKernel;
import dev.octet.kernels.registry.Preparation;
import dev.octet.kernels.registry.Signature;
import dev.octet.kernels.registry.Workers;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * com.microsoft QLinearGlobalAveragePool and QLinearReduceMean: operands X, x_scale, x_zero_point,
 * y_scale, y_zero_point; a mean over some axes.
 *
 * <p>{@code acc = sum (x - z_x)} over the N elements, exactly in int32; {@code y =
 * rne(clamp(float32(acc) * (s_x / (s_y * float32(N))))) + z_y}, see {@link Requantizer}. N is at
 * most 2^31 / 255, about 8.4 million; a node with more is refused. Source: ONNX Runtime's
 * QLinearGlobalAveragePool on x86; it has no kernel for QLinearReduceMean, which is defined here as
 * the same mean.
 */
final class QLinearMean implements OperatorKernel {

  private static final int X = 0;
  private static final int X_SCALE = 1;
  private static final int X_ZERO = 2;
  private static final int Y_SCALE = 3;
  private static final int Y_ZERO = 4;

  private final Function<Preparation, boolean[]> axes;

  private QLinearMean(Function<Preparation, boolean[]> axes) {
    this.axes = axes;
  }

  /** The mean over all axes but the first and the channels' one. */
  static QLinearMean globalAveragePool() {
    return new QLinearMean(
        preparation -> {
          boolean[] reduced = new boolean[preparation.operand(X).rank()];
          Arrays.fill(reduced, true);
          boolean last = preparation.node().intAttribute("channels_last", 0) != 0;
          reduced[0] = false;
          reduced[last ? reduced.length - 1 : 1] = false;
          return reduced;
        });
  }

  /** The mean over the axes of the attribute axes; over all when it is absent. */
  static QLinearMean reduceMean() {
    return new QLinearMean(
        preparation -> {
          boolean[] reduced = new boolean[preparation.operand(X).rank()];
          Optional<java.util.List<Long>> stated = preparation.node().intsAttribute("axes");
          Arrays.fill(reduced, stated.isEmpty());
          stated.ifPresent(
              list -> {
                for (long axis : list) {
                  reduced[(int) (axis < 0 ? axis + reduced.length : axis)] = true;
                }
              });
          return reduced;
        });
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    return Refusals.first(
        Refusals.unlessEightBits(signature, X, X_ZERO, Y_ZERO),
        Refusals.unlessFloat(signature, X_SCALE, Y_SCALE));
  }

  @Override
  public Kernel prepare(Preparation preparation) {
    Refusals.requireScalars(preparation, X_SCALE, X_ZERO, Y_SCALE, Y_ZERO);
    return new Prepared(preparation, axes.apply(preparation));
  }

  private static final class Prepared implements Kernel {
    private final Preparation preparation;
    private final boolean[] reduced;
    private final int averaged;

    Prepared(Preparation preparation, boolean[] reduced) {
      this.preparation = preparation;
      this.reduced = reduced;
      long count = 1;
      for (int axis = 0; axis < reduced.length; axis++) {
        count *= reduced[axis] ? preparation.operand(X).size(axis) : 1;
      }
      Refusals.requireInt32(255 * count);
      this.averaged = (int) count;
    }

    @Override
    public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
      OperandReader reader = new OperandReader(preparation, operands);
      int[] sums = new int[preparation.result(0).count()];
      add(reader, sums);
      float multiplier = reader.scale(X_SCALE) / (reader.scale(Y_SCALE) * (float) averaged);
      IntegerRange range = IntegerRange.of(preparation.node(), preparation.result(0).dataType());
      new Requantizer(new float[] {multiplier}, range.around(reader.zeroPoint(Y_ZERO)))
          .apply(sums, sums.length, 0, (byte[]) Objects.requireNonNull(results[0]), 0);
    }

    /** Adds every element to the sum that it belongs to, one innermost row after another. */
    private void add(OperandReader reader, int[] sums) {
      ArrayType type = preparation.operand(X);
      if (type.count() == 0) {
        return;
      }
      int inner = type.rank() == 0 ? 1 : type.size(type.rank() - 1);
      boolean innerReduced = type.rank() > 0 && reduced[type.rank() - 1];
      int[] row = new int[inner];
      for (int from = 0; from < type.count(); from += inner) {
        IntegerArrays.widen(
            type.dataType(), reader.array(X), from, inner, reader.zeroPoint(X_ZERO), row, 0);
        int at = target(type, from / inner);
        for (int i = 0; i < inner; i++) {
          sums[innerReduced ? at : at + i] += row[i];
        }
      }
    }

    /** The index of the sum that the first element of an innermost row belongs to. */
    private int target(ArrayType type, int row) {
      int target = 0;
      int last = type.rank() - 1;
      int weight = last < 0 || reduced[last] ? 1 : type.size(last);
      int rest = row;
      for (int axis = last - 1; axis >= 0; axis--) {
        if (!reduced[axis]) {
          target += rest % type.size(axis) * weight;
          weight *= type.size(axis);
        }
        rest /= type.size(axis);
      }
      return target;
    }
  }
}
