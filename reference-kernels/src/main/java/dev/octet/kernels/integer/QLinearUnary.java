package dev.octet.kernels.integer;

import static dev.octet.kernels.dialect.IntegerDialect.microsoft;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.definition.AttributeRule;
import dev.octet.kernels.definition.FloatNode;
import dev.octet.kernels.definition.LoweringRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.definition.StaysFloatException;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.UnarySlots;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactElementwise;
import dev.octet.kernels.exact.ExactFunctions;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.floats.ElementFunction;
import dev.octet.kernels.floats.ElementFunctions;
import dev.octet.kernels.floats.FloatUnary;
import dev.octet.kernels.quantize.QuantizeLinear;
import dev.octet.kernels.shape.QuantizedShapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Functions of one tensor of 8 or 16 bits: operands X, x_scale, x_zero_point, y_scale,
 * y_zero_point.
 *
 * <p>{@code y = clamp(rne(f(float32(x - z_x) * s_x) / s_y) + z_y)}, every operation rounded to
 * float32; an infinity saturates, NaN becomes the smallest integer. {@code f} is the identity for
 * Requantize (domain dev.octet), else the function of an operator on floats, computed as that
 * operator does: of LeakyRelu for com.microsoft QLinearLeakyRelu, of Sigmoid for com.microsoft
 * QLinearSigmoid, and for QLinearFunction (domain dev.octet) of the operator that its attribute
 * {@code function} names; its other attributes are that operator's, and {@code exponent} is the
 * constant operand of a Pow. So the integers are those of DequantizeLinear, the operator and
 * QuantizeLinear one after the other.
 */
final class QLinearUnary implements OperatorKernel {

  private static final QuantizedSlot INPUT = UnarySlots.INPUT;
  private static final ParameterSlot RESULT = UnarySlots.RESULT;

  private static final int GRAIN = 1 << 14;

  /** The integers of 8 bits. */
  private static final int BYTES = 256;

  private static final FloatUnary IDENTITY =
      (x, y, from, to) -> System.arraycopy(x, from, y, from, to - from);

  /** The function that a node asks for. */
  private final Function<Node, FloatUnary> functions;

  private QLinearUnary(Function<Node, FloatUnary> functions) {
    this.functions = functions;
  }

  /** Returns the definitions. */
  static List<OperatorDefinition> definitions() {
    return List.of(
        definition(IntegerDialect.REQUANTIZE, node -> IDENTITY)
            .formula("clamp(rne((f32(x - z_x) * s_x) / s_y) + z_y)")
            .exact(QLinearUnary::exactRequantize)
            .lowered(lowered("Relu", "Clip").attributes(AttributeRule.NONE)),
        definition(microsoft("QLinearLeakyRelu"), ElementFunctions.of("LeakyRelu").floats())
            .formula("v = f32(x - z_x) * s_x, clamp(rne((v >= 0 ? v : alpha * v) / s_y) + z_y)")
            .exact(operands -> exact(operands, "LeakyRelu"))
            .lowered(lowered("LeakyRelu")),
        definition(microsoft("QLinearSigmoid"), ElementFunctions.of("Sigmoid").floats())
            .formula("v = f32(x - z_x) * s_x, clamp(rne(f32(1 / (1 + exp(-v))) / s_y) + z_y)")
            .exact(operands -> exact(operands, "Sigmoid"))
            .lowered(lowered("Sigmoid")),
        definition(IntegerDialect.FUNCTION_OF_ONE, QLinearUnary::named)
            .formula(
                "v = f32(x - z_x) * s_x, clamp(rne(f(v) / s_y) + z_y), f computed in float as the"
                    + " operator does that function names")
            .exact(operands -> exact(operands, function(operands.node())))
            .lowered(lowered(namedFunctions()).attributes(QLinearUnary::attributes)));
  }

  private static OperatorDefinition definition(OpType op, Function<Node, FloatUnary> functions) {
    return OperatorDefinition.of(
            op, QuantizedShapes.qLinearUnary(INPUT, RESULT), new QLinearUnary(functions))
        .slots(UnarySlots.SLOTS);
  }

  private static LoweringRule lowered(String... onnxNames) {
    return LoweringRule.of(slots -> slots.activation(0, INPUT).result(RESULT), onnxNames)
        .upToSixteenBits();
  }

  /** Every function of one value but those that have a form of their own. */
  private static String[] namedFunctions() {
    Set<String> names = new TreeSet<>(ElementFunctions.byOperator().keySet());
    names.removeAll(Set.of("Relu", "LeakyRelu", "Sigmoid"));
    return names.toArray(String[]::new);
  }

  private static List<Attribute> attributes(FloatNode node) {
    List<Attribute> attributes = new ArrayList<>(node.attributes());
    attributes.add(Attribute.of(IntegerDialect.FUNCTION, node.node().op().name()));
    if (node.node().op().is("Pow")) {
      attributes.add(Attribute.of(IntegerDialect.EXPONENT, exponent(node)));
    }
    return attributes;
  }

  /** A vector of one exponent would make a vector of a scalar, and integers have no rounding. */
  private static float exponent(FloatNode pow) {
    if (pow.constant(1).filter(exponent -> exponent.rank() > 0).isPresent()) {
      throw new StaysFloatException("the exponent of '" + pow.node().name() + "' is no scalar");
    }
    return pow.scalar(1)
        .orElseThrow(() -> new StaysFloatException("'" + pow.node().name() + "' has no exponent"));
  }

  private static String function(Node node) {
    return node.stringAttribute(IntegerDialect.FUNCTION, "");
  }

  private static FloatUnary named(Node node) {
    ElementFunction function = ElementFunctions.byOperator().get(function(node));
    if (function == null) {
      throw new UnsupportedNodeException(
          "'" + function(node) + "' is no operator that computes a function of one value");
    }
    return function.floats().apply(node);
  }

  private static IntFunction<ExactElement> exactRequantize(ExactOperands operands) {
    return ExactElementwise.map(operands.quantized(INPUT), operands.parameters(RESULT), x -> x);
  }

  private static IntFunction<ExactElement> exact(ExactOperands operands, String function) {
    return ExactFunctions.of(
        function, operands.node(), operands.quantized(INPUT), operands.parameters(RESULT));
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    return UnaryOperands.refusal(signature);
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    FloatUnary function = functions.apply(compilation.node());
    if (WideOperands.has(compilation, INPUT.value())) {
      return preparation -> bindWide(preparation, function);
    }
    FromOperands<byte[]> table =
        FromOperands.of(
            compilation,
            reader -> table(compilation, reader, function),
            INPUT.scale(),
            INPUT.zeroPoint(),
            RESULT.scale(),
            RESULT.zeroPoint());
    return preparation -> {
      UnaryOperands.requireScalars(preparation);
      return new TableKernel(preparation, INPUT.value(), table);
    };
  }

  /** A table of 16-bit integers would be larger than most operands. */
  private static Kernel bindWide(Preparation preparation, FloatUnary function) {
    UnaryOperands.requireScalars(preparation);
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
      DequantizedOperand x, FloatUnary function, QuantizedResult y, int from, int to) {
    float[] values = new float[Math.min(DequantizedOperand.CHUNK, to - from)];
    for (int at = from; at < to; at += DequantizedOperand.CHUNK) {
      int count = Math.min(DequantizedOperand.CHUNK, to - at);
      x.read(at, count, values);
      function.apply(values, values, 0, count);
      y.write(values, count, at);
    }
  }

  private static byte[] table(Compilation compilation, OperandReader reader, FloatUnary function) {
    IntegerRange range = IntegerRange.of(compilation.node(), compilation.resultType(0));
    DataType type = reader.dataType(INPUT.value());
    int first = IntegerRange.of(type).min();
    float xScale = reader.scale(INPUT.scale());
    int xZero = reader.zeroPoint(INPUT.zeroPoint());
    float[] values = new float[BYTES];
    for (int i = 0; i < BYTES; i++) {
      values[i] = QuantizeLinear.dequantize(first + i, xScale, xZero);
    }
    function.apply(values, values, 0, BYTES);
    float yScale = reader.scale(RESULT.scale());
    int yZero = reader.zeroPoint(RESULT.zeroPoint());
    return TableKernel.table(type, q -> range.quantize(values[q - first], yScale, yZero));
  }
}
