package dev.octet.kernels.integer;

import static dev.octet.kernels.dialect.BinarySlots.LEFT;
import static dev.octet.kernels.dialect.BinarySlots.RESULT;
import static dev.octet.kernels.dialect.BinarySlots.RIGHT;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.OpType;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.FloatNode;
import dev.octet.kernels.definition.LoweringRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.definition.StaysFloatException;
import dev.octet.kernels.dialect.BinarySlots;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactElementwise;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.exact.QuantizedOperand;
import dev.octet.kernels.exact.ResultParameters;
import dev.octet.kernels.floats.BinaryFunctions;
import dev.octet.kernels.floats.FloatBinary;
import dev.octet.kernels.shape.QuantizedShapes;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * QLinearSub, QLinearDiv, QLinearMax, QLinearMin and QLinearPRelu (domain dev.octet): operands A,
 * A_scale, A_zero_point, B, B_scale, B_zero_point, C_scale, C_zero_point of 8 or 16 bits in any
 * mix; A and B broadcast.
 *
 * <p>{@code c = clamp(rne(f(float32(a - z_a) * s_a, float32(b - z_b) * s_b) / s_c) + z_c)}, every
 * operation rounded to float32, to nearest with ties to even: the integers of DequantizeLinear, the
 * operator on floats and QuantizeLinear one after the other. A quotient by 0 is infinite and
 * saturates; {@code 0 / 0} is NaN and becomes the smallest integer.
 *
 * <p>Source: the standard's DequantizeLinear and QuantizeLinear. ONNX Runtime has no operators on
 * integers that would do this, and computes the same three steps.
 */
final class QLinearReading implements OperatorKernel {

  /** The elements of a result in exact arithmetic. */
  private interface Exact {
    IntFunction<ExactElement> of(
        ExactOperands operands, QuantizedOperand a, QuantizedOperand b, ResultParameters c);
  }

  private final FloatBinary function;

  private QLinearReading(FloatBinary function) {
    this.function = function;
  }

  /** Returns the definitions. */
  static List<OperatorDefinition> definitions() {
    return List.of(
        definition("Sub", BinaryFunctions.SUB, "a' - b'", ExactElementwise::sub),
        definition("Div", BinaryFunctions.DIV, "a' / b'", ExactElementwise::div),
        definition("Max", BinaryFunctions.MAX, "max(a', b')", ExactElementwise::max),
        definition("Min", BinaryFunctions.MIN, "min(a', b')", ExactElementwise::min),
        definition(
            "PRelu", BinaryFunctions.PRELU, "a' < 0 ? a' * b' : a'", ExactElementwise::prelu));
  }

  private static OperatorDefinition definition(
      String onnxName, FloatBinary function, String formula, Exact exact) {
    return OperatorDefinition.of(
            new OpType(IntegerDialect.OCTET, "QLinear" + onnxName),
            QuantizedShapes.qLinearBinary(LEFT, RIGHT, RESULT),
            new QLinearReading(function))
        .slots(BinarySlots.SLOTS)
        .formula(
            "a' = f32(a - z_a) * s_a, b' = f32(b - z_b) * s_b, clamp(rne(("
                + formula
                + ") / s_c) + z_c)")
        .exact(
            operands ->
                exact.of(
                    operands,
                    operands.quantized(LEFT),
                    operands.quantized(RIGHT),
                    operands.parameters(RESULT)))
        .lowered(
            LoweringRule.of(
                    slots -> slots.activation(0, LEFT).activation(1, RIGHT).result(RESULT),
                    onnxName)
                .upToSixteenBits()
                .attributes(QLinearReading::attributes));
  }

  /** Max and Min take any number of operands, the others two. */
  private static List<Attribute> attributes(FloatNode node) {
    int operands = node.node().operands().size();
    if (operands != 2) {
      throw new StaysFloatException("it has " + operands + " operands, and this kernel takes two");
    }
    return node.attributes();
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    return DequantizedBinary.refusal(signature);
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    return new DequantizedBinary(function);
  }
}
