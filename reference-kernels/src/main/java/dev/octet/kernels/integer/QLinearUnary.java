package dev.octet.kernels.integer;

import static dev.octet.kernels.dialect.IntegerDialect.microsoft;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.AttributeRule;
import dev.octet.kernels.definition.LoweringRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.UnarySlots;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactElementwise;
import dev.octet.kernels.exact.ExactExponentials;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.exact.QuantizedOperand;
import dev.octet.kernels.exact.ResultParameters;
import dev.octet.kernels.quantize.QuantizeLinear;
import dev.octet.kernels.shape.QuantizedShapes;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Functions of one tensor of 8 or 16 bits: operands X, x_scale, x_zero_point, y_scale,
 * y_zero_point.
 *
 * <p>{@code y = clamp(rne(f(float32(x - z_x) * s_x) / s_y) + z_y)}, every operation rounded to
 * float32. {@code f} is: for Requantize (domain dev.octet) the identity; for com.microsoft
 * QLinearLeakyRelu {@code v >= 0 ? v : alpha * v}; for com.microsoft QLinearSigmoid {@code 1 / (1 +
 * exp(-v))} in float64 by StrictMath, rounded once; for QLinearHardSwish (domain dev.octet) {@code
 * v * max(0, min(1, v / 6 + 0.5))}.
 */
final class QLinearUnary implements OperatorKernel {

  private static final QuantizedSlot INPUT = UnarySlots.INPUT;
  private static final ParameterSlot RESULT = UnarySlots.RESULT;

  private static final float LEAKY_SLOPE = 0.01f;
  private static final int GRAIN = 1 << 14;

  /** A function of one float. */
  @FunctionalInterface
  private interface FloatFunction {
    float apply(float x);
  }

  /** The function that a node asks for. */
  private final Function<Node, FloatFunction> functions;

  private QLinearUnary(Function<Node, FloatFunction> functions) {
    this.functions = functions;
  }

  /** Returns the definitions. */
  static List<OperatorDefinition> definitions() {
    return List.of(
        definition(IntegerDialect.REQUANTIZE, node -> x -> x)
            .formula("clamp(rne((f32(x - z_x) * s_x) / s_y) + z_y)")
            .exact(QLinearUnary::exactRequantize)
            .lowered(lowered("Relu", "Clip").attributes(AttributeRule.NONE)),
        definition(microsoft("QLinearLeakyRelu"), QLinearUnary::leakyRelu)
            .formula("v = f32(x - z_x) * s_x, clamp(rne((v >= 0 ? v : alpha * v) / s_y) + z_y)")
            .exact(QLinearUnary::exactLeakyRelu)
            .lowered(lowered("LeakyRelu")),
        definition(
                microsoft("QLinearSigmoid"),
                node -> x -> (float) (1 / (1 + StrictMath.exp(-(double) x))))
            .formula("v = f32(x - z_x) * s_x, clamp(rne(f32(1 / (1 + exp(-v))) / s_y) + z_y)")
            .exact(QLinearUnary::exactSigmoid)
            .lowered(lowered("Sigmoid")),
        definition(
                new OpType(IntegerDialect.OCTET, "QLinearHardSwish"),
                node -> x -> x * Math.max(0f, Math.min(1f, x / 6f + 0.5f)))
            .formula(
                "v = f32(x - z_x) * s_x, clamp(rne((v * max(0, min(1, v / 6 + 0.5))) / s_y) +"
                    + " z_y)")
            .exact(QLinearUnary::exactHardSwish)
            .lowered(lowered("HardSwish")));
  }

  private static OperatorDefinition definition(OpType op, Function<Node, FloatFunction> functions) {
    return OperatorDefinition.of(
            op, QuantizedShapes.qLinearUnary(INPUT, RESULT), new QLinearUnary(functions))
        .slots(UnarySlots.SLOTS);
  }

  private static LoweringRule lowered(String... onnxNames) {
    return LoweringRule.of(slots -> slots.activation(0, INPUT).result(RESULT), onnxNames)
        .upToSixteenBits();
  }

  private static FloatFunction leakyRelu(Node node) {
    float alpha = node.floatAttribute("alpha", LEAKY_SLOPE);
    return x -> x >= 0 ? x : alpha * x;
  }

  private static IntFunction<ExactElement> exactRequantize(ExactOperands operands) {
    return ExactElementwise.map(operands.quantized(INPUT), operands.parameters(RESULT), x -> x);
  }

  private static IntFunction<ExactElement> exactLeakyRelu(ExactOperands operands) {
    BigDecimal alpha = new BigDecimal(operands.node().floatAttribute("alpha", LEAKY_SLOPE));
    return ExactElementwise.map(
        operands.quantized(INPUT),
        operands.parameters(RESULT),
        x -> x.signum() < 0 ? x.multiply(alpha) : x);
  }

  private static IntFunction<ExactElement> exactSigmoid(ExactOperands operands) {
    return ExactExponentials.sigmoid(operands.quantized(INPUT), operands.parameters(RESULT));
  }

  /** {@code x * clamp(x + 3, 0, 6) / 6}; near -3 the sum cancels, so its terms count alone. */
  private static IntFunction<ExactElement> exactHardSwish(ExactOperands operands) {
    QuantizedOperand x = operands.quantized(INPUT);
    ResultParameters y = operands.parameters(RESULT);
    BigDecimal three = BigDecimal.valueOf(3);
    BigDecimal six = BigDecimal.valueOf(6);
    return index -> {
      BigDecimal value = x.value(index);
      BigDecimal gate = value.add(three).max(BigDecimal.ZERO).min(six);
      BigDecimal magnitude = value.abs().multiply(value.abs().add(three));
      return y.element(value.multiply(gate), magnitude, 6, 2);
    };
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    return Refusals.first(
        Refusals.unlessEightOrSixteenBits(
            signature, INPUT.value(), INPUT.zeroPoint(), RESULT.zeroPoint()),
        Refusals.unlessFloat(signature, INPUT.scale(), RESULT.scale()));
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    if (WideOperands.has(compilation, INPUT.value())) {
      FloatFunction function = functions.apply(compilation.node());
      return preparation -> bindWide(preparation, function);
    }
    FromOperands<byte[]> table =
        FromOperands.of(
            compilation,
            r -> table(compilation, r),
            INPUT.scale(),
            INPUT.zeroPoint(),
            RESULT.scale(),
            RESULT.zeroPoint());
    return preparation -> {
      requireScalars(preparation);
      return new TableKernel(preparation, INPUT.value(), table);
    };
  }

  private static void requireScalars(Preparation preparation) {
    Refusals.requireScalars(
        preparation, INPUT.scale(), INPUT.zeroPoint(), RESULT.scale(), RESULT.zeroPoint());
  }

  /** A table of 16-bit integers would be larger than most operands. */
  private static Kernel bindWide(Preparation preparation, FloatFunction function) {
    requireScalars(preparation);
    return (operands, results, workers) -> {
      OperandReader reader = new OperandReader(preparation, operands);
      DequantizedOperand x = new DequantizedOperand(reader, INPUT);
      QuantizedResult y =
          new QuantizedResult(
              preparation, reader, RESULT, Objects.requireNonNull(results[0], "result"));
      workers.forRange(
          preparation.result(0).count(), GRAIN, (from, to) -> map(x, function, y, from, to));
    };
  }

  private static void map(
      DequantizedOperand x, FloatFunction function, QuantizedResult y, int from, int to) {
    float[] values = new float[Math.min(DequantizedOperand.CHUNK, to - from)];
    for (int at = from; at < to; at += DequantizedOperand.CHUNK) {
      int count = Math.min(DequantizedOperand.CHUNK, to - at);
      x.read(at, count, values);
      for (int i = 0; i < count; i++) {
        values[i] = function.apply(values[i]);
      }
      y.write(values, count, at);
    }
  }

  private byte[] table(Compilation compilation, OperandReader reader) {
    DataType type = compilation.resultType(0);
    IntegerRange range = IntegerRange.of(compilation.node(), type);
    float xScale = reader.scale(INPUT.scale());
    float yScale = reader.scale(RESULT.scale());
    int xZero = reader.zeroPoint(INPUT.zeroPoint());
    int yZero = reader.zeroPoint(RESULT.zeroPoint());
    FloatFunction function = functions.apply(compilation.node());
    return TableKernel.table(
        reader.dataType(INPUT.value()),
        q -> {
          float value = QuantizeLinear.dequantize(q, xScale, xZero);
          return range.quantize(function.apply(value), yScale, yZero);
        });
  }
}
