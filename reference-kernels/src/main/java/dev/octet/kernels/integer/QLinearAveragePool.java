package dev.octet.kernels.integer;

import static dev.octet.kernels.dialect.IntegerDialect.microsoft;

import dev.octet.api.graph.Attribute;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.FloatNode;
import dev.octet.kernels.definition.LoweringRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.UnarySlots;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.exact.ExactReductions;
import dev.octet.kernels.shape.QuantizedShapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * com.microsoft QLinearAveragePool: operands X, x_scale, x_zero_point, y_scale, y_zero_point;
 * attributes of AveragePool.
 *
 * <p>{@code v = float32(x - z_x) * s_x}; the v of a window are added one after another, the last
 * spatial dimension innermost; {@code y = clamp(rne((sum / count) / s_y + z_y))}. Every operation
 * is rounded to float32; the zero point is added before rounding. The count is that of the elements
 * inside the input, or with count_include_pad inside the padded input. Source: ONNX Runtime.
 *
 * <p>A node that was made of DequantizeLinear, AveragePool and QuantizeLinear has the attribute
 * {@value IntegerDialect#ROUND_FIRST} and their meaning, {@code y = clamp(rne((sum / count) / s_y)
 * + z_y)}: a zero point that is added first rounds the quotient once more, and moves it onto ties
 * or off them.
 */
final class QLinearAveragePool implements OperatorKernel {

  private static final QuantizedSlot INPUT = UnarySlots.INPUT;
  private static final ParameterSlot RESULT = UnarySlots.RESULT;

  static OperatorDefinition definition() {
    return OperatorDefinition.of(
            microsoft("QLinearAveragePool"),
            QuantizedShapes.qLinearPool(INPUT, RESULT),
            new QLinearAveragePool())
        .slots(UnarySlots.SLOTS)
        .formula(
            "v = f32(x - z_x) * s_x, clamp(rne((sum v / count) / s_y + z_y)); lowered:"
                + " clamp(rne((sum v / count) / s_y) + z_y)")
        .exact(QLinearAveragePool::exact)
        .lowered(
            LoweringRule.of(slots -> slots.activation(0, INPUT).result(RESULT), "AveragePool")
                .upToSixteenBits()
                .attributes(QLinearAveragePool::attributes));
  }

  private static List<Attribute> attributes(FloatNode pool) {
    List<Attribute> attributes = new ArrayList<>(pool.attributes());
    attributes.add(Attribute.of(IntegerDialect.ROUND_FIRST, 1));
    return attributes;
  }

  private static IntFunction<ExactElement> exact(ExactOperands operands) {
    return ExactReductions.averagePool(
        operands, operands.quantized(INPUT), operands.parameters(RESULT));
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    Optional<String> layout =
        signature.node().intAttribute("channels_last", 0) == 0
            ? Optional.empty()
            : Optional.of("channels_last is not supported");
    return Refusals.first(layout, UnaryOperands.refusal(signature));
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    return QLinearAveragePool::bind;
  }

  private static Kernel bind(Preparation preparation) {
    UnaryOperands.requireScalars(preparation);
    PoolWindows windows = PoolWindows.of(preparation, INPUT.value());
    return (operands, results, workers) -> {
      OperandReader reader = new OperandReader(preparation, operands);
      Object y = Objects.requireNonNull(results[0]);
      Average average = new Average(preparation, reader, windows);
      workers.forRange(windows.planes(), 1, (from, to) -> average.planes(from, to, y));
    };
  }

  /** One run. */
  private static final class Average {
    private final DequantizedOperand x;
    private final PoolWindows windows;
    private final float yScale;
    private final float addedFirst;
    private final float addedLast;
    private final float low;
    private final float high;

    Average(Preparation preparation, OperandReader reader, PoolWindows windows) {
      IntegerRange range = IntegerRange.of(preparation.node(), preparation.result(0).dataType());
      this.x = new DequantizedOperand(reader, INPUT);
      this.windows = windows;
      this.yScale = reader.scale(RESULT.scale());
      boolean roundFirst = preparation.node().intAttribute(IntegerDialect.ROUND_FIRST, 0) != 0;
      float zeroPoint = reader.zeroPoint(RESULT.zeroPoint());
      this.addedFirst = roundFirst ? 0 : zeroPoint;
      this.addedLast = roundFirst ? zeroPoint : 0;
      this.low = range.min() - addedLast;
      this.high = range.max() - addedLast;
    }

    void planes(int from, int to, Object y) {
      float[] values = new float[windows.inputPositions()];
      for (int plane = from; plane < to; plane++) {
        x.read(plane * values.length, values.length, values);
        for (int position = 0; position < windows.positions(); position++) {
          float sum = 0;
          for (int offset : windows.inside(position)) {
            sum += values[offset];
          }
          int q = quantize(sum / windows.divisor(position));
          int at = plane * windows.positions() + position;
          if (y instanceof short[] shorts) {
            shorts[at] = (short) q;
          } else {
            ((byte[]) y)[at] = (byte) q;
          }
        }
      }
    }

    private int quantize(float mean) {
      float q = Math.min(Math.max(mean / yScale + addedFirst, low), high);
      return (int) (Math.rint((double) q) + addedLast);
    }
  }
}
