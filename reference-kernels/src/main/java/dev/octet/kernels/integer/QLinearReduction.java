package dev.octet.kernels.integer;

import static dev.octet.kernels.dialect.IntegerDialect.microsoft;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.runtime.RequantizationProfile;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.FloatNode;
import dev.octet.kernels.definition.LoweringRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.definition.StaysFloatException;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.UnarySlots;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.exact.ExactReductions;
import dev.octet.kernels.primitive.Requantizer;
import dev.octet.kernels.shape.QuantizedShapes;
import dev.octet.kernels.shape.ShapeRule;
import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * com.microsoft QLinearGlobalAveragePool and QLinearReduceMean, and dev.octet QLinearReduceSum:
 * operands X, x_scale, x_zero_point, y_scale, y_zero_point; a mean, or the sum, over some axes.
 *
 * <p>{@code acc = sum (x - z_x)} over the N elements, exactly in int32; {@code y =
 * rne(clamp(float32(acc) * (s_x / (s_y * float32(N))))) + z_y}, for the sum {@code y =
 * rne(clamp(float32(acc) * (s_x / s_y))) + z_y}, see {@link Requantizer}. N is at most 2^31 / 255,
 * about 8.4 million; a node with more is refused. Where the operand or the result has 16 bits, the
 * sums are int64 and N is not bounded. Source: ONNX Runtime's QLinearGlobalAveragePool on x86; it
 * has no kernel for QLinearReduceMean, which is defined here as the same mean, nor for the sum.
 */
final class QLinearReduction implements OperatorKernel {

  private static final QuantizedSlot INPUT = UnarySlots.INPUT;
  private static final ParameterSlot RESULT = UnarySlots.RESULT;

  private static final String MEAN =
      "acc = sum (x - z_x), rne(clamp(f32(acc) * (s_x / (s_y * f32(N))))) + z_y";
  private static final String SUM = "acc = sum (x - z_x), rne(clamp(f32(acc) * (s_x / s_y))) + z_y";

  /** Elements that are worth the cost of another thread. */
  private static final int GRAIN = 1 << 15;

  private final Function<Preparation, boolean[]> axes;
  private final boolean averages;

  private QLinearReduction(Function<Preparation, boolean[]> axes, boolean averages) {
    this.axes = axes;
    this.averages = averages;
  }

  /** The mean over all axes but the first and the channels' one. */
  private static QLinearReduction globalAveragePool() {
    return new QLinearReduction(
        preparation -> {
          boolean[] reduced = new boolean[preparation.operand(INPUT.value()).rank()];
          Arrays.fill(reduced, true);
          boolean last = preparation.node().intAttribute("channels_last", 0) != 0;
          reduced[0] = false;
          reduced[last ? reduced.length - 1 : 1] = false;
          return reduced;
        },
        true);
  }

  /** Returns the axes of the attribute axes; all when it is absent. */
  private static boolean[] statedAxes(Preparation preparation) {
    boolean[] reduced = new boolean[preparation.operand(INPUT.value()).rank()];
    Optional<List<Long>> stated =
        preparation.node().intsAttribute("axes").filter(list -> !list.isEmpty());
    Arrays.fill(reduced, stated.isEmpty());
    stated.ifPresent(
        list -> {
          for (long axis : list) {
            reduced[(int) (axis < 0 ? axis + reduced.length : axis)] = true;
          }
        });
    return reduced;
  }

  /** Returns the definitions. */
  static List<OperatorDefinition> definitions() {
    return List.of(
        definition(
                microsoft("QLinearGlobalAveragePool"),
                QuantizedShapes.qLinearGlobalPool(INPUT, RESULT),
                globalAveragePool())
            .formula(MEAN)
            .exact(QLinearReduction::exactGlobalAveragePool)
            .lowered(lowered("GlobalAveragePool")),
        overStatedAxes(microsoft("QLinearReduceMean"), true)
            .formula(MEAN)
            .exact(QLinearReduction::exactReduceMean)
            .lowered(lowered("ReduceMean").attributes(QLinearReduction::reducedAxes)),
        overStatedAxes(new OpType(IntegerDialect.OCTET, "QLinearReduceSum"), false)
            .formula(SUM)
            .exact(QLinearReduction::exactReduceSum)
            .lowered(lowered("ReduceSum").attributes(QLinearReduction::reducedAxes)));
  }

  private static OperatorDefinition overStatedAxes(OpType op, boolean averages) {
    return definition(
        op,
        QuantizedShapes.qLinearReduce(INPUT, RESULT),
        new QLinearReduction(QLinearReduction::statedAxes, averages));
  }

  private static OperatorDefinition definition(
      OpType op, ShapeRule shape, QLinearReduction kernel) {
    return OperatorDefinition.of(op, shape, kernel)
        .slots(UnarySlots.SLOTS)
        .requantizedBy(RequantizationProfile.floatHalfEven());
  }

  private static LoweringRule lowered(String onnxName) {
    return LoweringRule.of(slots -> slots.activation(0, INPUT).result(RESULT), onnxName)
        .upToSixteenBits();
  }

  /** The axes, an operand in later operator sets, as an attribute. */
  private static List<Attribute> reducedAxes(FloatNode reduction) {
    Node node = reduction.node();
    Optional<List<Long>> axes = node.intsAttribute("axes");
    if (node.operand(1).isPresent()) {
      axes = reduction.constant(1).map(t -> Arrays.stream(t.integers()).boxed().toList());
      if (axes.isEmpty()) {
        throw new StaysFloatException("its axes are no constant");
      }
    }
    boolean none = axes.isEmpty() || axes.get().isEmpty();
    if (none && node.intAttribute("noop_with_empty_axes", 0) != 0) {
      throw new StaysFloatException("it reduces no axis");
    }
    List<Attribute> kept = new ArrayList<>();
    if (!none) {
      kept.add(Attribute.of("axes", axes.orElseThrow()));
    }
    kept.add(Attribute.of("keepdims", node.intAttribute("keepdims", 1)));
    return kept;
  }

  private static IntFunction<ExactElement> exactGlobalAveragePool(ExactOperands operands) {
    return ExactReductions.globalAveragePool(
        operands, operands.quantized(INPUT), operands.parameters(RESULT));
  }

  private static IntFunction<ExactElement> exactReduceMean(ExactOperands operands) {
    return ExactReductions.reduceMean(
        operands, operands.quantized(INPUT), operands.parameters(RESULT));
  }

  private static IntFunction<ExactElement> exactReduceSum(ExactOperands operands) {
    return ExactReductions.reduceSum(
        operands, operands.quantized(INPUT), operands.parameters(RESULT));
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    return UnaryOperands.refusal(signature);
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    boolean wide = WideOperands.has(compilation, INPUT.value());
    return preparation -> bind(preparation, wide);
  }

  private Kernel bind(Preparation preparation, boolean wide) {
    UnaryOperands.requireScalars(preparation);
    return new Bound(preparation, axes.apply(preparation), averages, wide);
  }

  /**
   * A reduction over axes. Neighbouring elements of the last axes, all of which are reduced or
   * none, are a row; the first axes, none of which is reduced, are pieces whose sums are their own.
   */
  private static final class Bound implements Kernel {
    private final Preparation preparation;
    private final boolean[] reduced;
    private final boolean wide;
    private final float divisor;
    private final boolean rowsReduced;
    private final int outerAxes;
    private final int row;
    private final int pieces;

    Bound(Preparation preparation, boolean[] reduced, boolean averages, boolean wide) {
      this.preparation = preparation;
      this.reduced = reduced;
      this.wide = wide;
      ArrayType type = preparation.operand(INPUT.value());
      long count = 1;
      for (int axis = 0; axis < reduced.length; axis++) {
        count *= reduced[axis] ? type.size(axis) : 1;
      }
      if (!wide) {
        Refusals.requireInt32(255 * count);
      }
      this.divisor = averages ? (float) count : 1;
      int rank = reduced.length;
      this.rowsReduced = rank > 0 && reduced[rank - 1];
      int axes = rank;
      while (axes > 0 && reduced[axes - 1] == rowsReduced) {
        axes--;
      }
      this.outerAxes = axes;
      this.row = type.product(axes, rank);
      int kept = 0;
      while (kept < outerAxes && !reduced[kept]) {
        kept++;
      }
      this.pieces = type.product(0, kept);
    }

    @Override
    public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
      OperandReader reader = new OperandReader(preparation, operands);
      Object y = Objects.requireNonNull(results[0]);
      int count = preparation.result(0).count();
      if (wide) {
        long[] sums = new long[count];
        forEachPiece(workers, (from, to) -> add(reader, from, to, sums));
        float[] rounded = new float[count];
        for (int i = 0; i < count; i++) {
          rounded[i] = (float) sums[i];
        }
        requantizer(reader).apply(rounded, 0, count, 0, y, 0);
      } else {
        int[] sums = new int[count];
        forEachPiece(workers, (from, to) -> add(reader, from, to, sums));
        requantizer(reader).apply(sums, count, 0, (byte[]) y, 0);
      }
    }

    private Requantizer requantizer(OperandReader reader) {
      float multiplier = reader.scale(INPUT.scale()) / (reader.scale(RESULT.scale()) * divisor);
      IntegerRange range = IntegerRange.of(preparation.node(), preparation.result(0).dataType());
      return new Requantizer(
          new float[] {multiplier}, range.around(reader.zeroPoint(RESULT.zeroPoint())));
    }

    private void forEachPiece(Workers workers, Workers.RangeTask task) {
      int count = preparation.operand(INPUT.value()).count();
      if (count > 0) {
        int piece = count / pieces;
        workers.forRange(
            pieces, Math.max(1, GRAIN / piece), (from, to) -> task.run(from * piece, to * piece));
      }
    }

    private void add(OperandReader reader, int from, int to, long[] sums) {
      int[] x = new int[row];
      DataType type = reader.dataType(INPUT.value());
      Object array = reader.array(INPUT.value());
      int zeroPoint = reader.zeroPoint(INPUT.zeroPoint());
      for (int at = from; at < to; at += row) {
        IntegerArrays.widen(type, array, at, row, zeroPoint, x, 0);
        int target = target(at / row);
        for (int i = 0; i < row; i++) {
          sums[rowsReduced ? target : target + i] += x[i];
        }
      }
    }

    private void add(OperandReader reader, int from, int to, int[] sums) {
      byte[] x = (byte[]) reader.array(INPUT.value());
      int mask = reader.dataType(INPUT.value()).isSignedInteger() ? -1 : 0xFF;
      int zeroPoint = reader.zeroPoint(INPUT.zeroPoint());
      for (int at = from; at < to; at += row) {
        int target = target(at / row);
        if (rowsReduced) {
          sums[target] += sum(x, at, row, mask) - row * zeroPoint;
        } else {
          for (int i = 0; i < row; i++) {
            sums[target + i] += (x[at + i] & mask) - zeroPoint;
          }
        }
      }
    }

    private static int sum(byte[] x, int from, int count, int mask) {
      int sum = 0;
      for (int i = from; i < from + count; i++) {
        sum += x[i] & mask;
      }
      return sum;
    }

    /** The index of the sum that the first element of a row belongs to. */
    private int target(int index) {
      ArrayType type = preparation.operand(INPUT.value());
      int target = 0;
      int weight = rowsReduced ? 1 : row;
      int rest = index;
      for (int axis = outerAxes - 1; axis >= 0; axis--) {
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
