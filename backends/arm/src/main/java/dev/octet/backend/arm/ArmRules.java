package dev.octet.backend.arm;

import static dev.octet.annotation.rules.MatchPoint.operand;
import static dev.octet.annotation.rules.MatchPoint.operandsAfterFirst;
import static dev.octet.annotation.rules.MatchPoint.otherOperands;
import static dev.octet.annotation.rules.NodePattern.anyIn;
import static dev.octet.annotation.rules.NodePattern.anyOf;
import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.fixed;
import static dev.octet.annotation.rules.Specs.outputChannel;
import static dev.octet.annotation.rules.Specs.sharedWith;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.Conditions;
import dev.octet.annotation.rules.LayerPatterns;
import dev.octet.annotation.rules.MatchPoint;
import dev.octet.annotation.rules.NodePattern;
import dev.octet.annotation.rules.SpecTemplate;
import dev.octet.annotation.rules.Specs;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;

/**
 * The table of rules. Every value is an integer: activations int8, affine, or int16, symmetric,
 * with one scale a tensor; weights int8, symmetric; biases int32 with the scale of their product,
 * with 16-bit activations stored in 48 bits. What chooses or moves values keeps their scale.
 */
final class ArmRules {

  private static final QuantizedType BIAS =
      new QuantizedType(Storage.INT32, -Integer.MAX_VALUE, Integer.MAX_VALUE);
  private static final QuantizedType SNORM = new QuantizedType(Storage.INT8, -127, 127);

  private final ArmConfig config;

  private ArmRules(ArmConfig config) {
    this.config = config;
  }

  static BackendRules of(String backend, ArmConfig config) {
    ArmRules rules = new ArmRules(config);
    SpecTemplate boundary = rules.boundary();
    BackendRules.Builder table = BackendRules.named(backend);
    table = rules.layers(table.modelInputs(boundary).modelOutputs(boundary));
    return rules.movements(rules.knownRanges(rules.functions(rules.arithmetic(table)))).build();
  }

  private BackendRules.Builder layers(BackendRules.Builder table) {
    NodePattern conv = op("Conv").constantOperand(1).constantIfPresent(2);
    NodeCondition oneGroup = Conditions.attributeIn("group", 1L);
    NodePattern transposed =
        op("ConvTranspose").constantOperand(1).constantIfPresent(2).where(oneGroup);
    table = layer(table.rule("conv", fused(conv)), operand(2));
    table = layer(table.rule("conv-transpose", fused(transposed)), operand(2));
    table = layer(table.rule("linear", fused(LayerPatterns.gemmWithBias())), operand(2));
    NodePattern matMul = fused(LayerPatterns.matMulWithBias());
    return layer(table.rule("linear-matmul", matMul), otherOperands(1));
  }

  private BackendRules.Builder layer(BackendRules.RuleBuilder rule, MatchPoint bias) {
    return rule.activation(activation())
        .weight(weight())
        .mark(bias, bias())
        .output(activation())
        .and();
  }

  /** A clamp whose lower end is 0 is computed with the layer, unless zero is in the middle. */
  private NodePattern fused(NodePattern layer) {
    return config.activationBits() == 8
        ? layer.optionally("Relu", "Clip").where(Conditions.constantValue(1, 0))
        : layer;
  }

  private BackendRules.Builder arithmetic(BackendRules.Builder table) {
    return table
        .rule(
            "arithmetic",
            anyIn("Add Sub Mul Div Max Min PRelu LayerNormalization")
                .where(Conditions.unusedResult(1)))
        .inputs(activation())
        .output(activation())
        .rule("matmul", LayerPatterns.product())
        .inputs(activation())
        .output(activation())
        .rule("comparison", anyOf("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"))
        .activation(activation())
        .mark(operandsAfterFirst(), sharedWith(operand(0)))
        .and();
  }

  private BackendRules.Builder functions(BackendRules.Builder table) {
    return table
        .rule(
            "function",
            anyIn(
                    "Abs Neg Sign Ceil Floor Round Reciprocal Sqrt Pow Exp Log Erf "
                        + "Sigmoid Tanh HardSigmoid HardSwish Gelu LeakyRelu Elu Selu Celu "
                        + "Softmax LogSoftmax Sin Cos Tan Atan Sinh Cosh Asinh Acosh "
                        + "CumSum ReduceSum ReduceMean")
                .constantIfPresent(1))
        .activation(activation())
        .output(activation())
        .rule("silu", LayerPatterns.silu())
        .activation(activation())
        .mark(otherOperands(1), sharedWith(operand(0)))
        .output(activation())
        .rule("gelu", LayerPatterns.gelu())
        .activation(activation())
        .mark(otherOperands(3), sharedWith(operand(0)))
        .output(activation())
        .and();
  }

  /** Functions that are defined between -1 and 1 alone; the borders of Atanh are outside. */
  private BackendRules.Builder knownRanges(BackendRules.Builder table) {
    int steps = 1 << config.activationBits();
    double border = config.activationBits() == 8 ? 0.999 : 0.99999;
    QuantizedType type = activation().statedType().orElseThrow();
    table =
        table
            .rule("arc", anyOf("Acos", "Asin"))
            .activation(fixed(type, (float) (2.0 / steps), 0))
            .output(activation())
            .rule("arc-hyperbolic", op("Atanh"))
            .activation(fixed(type, (float) (2 * border / steps), 0))
            .output(activation())
            .and();
    return config.activationBits() == 8
        ? table
            .rule("grid-sample", op("GridSample"))
            .activation(fixed(SNORM, 1f / 127, 0))
            .mark(operand(1), activation())
            .output(fixed(SNORM, 1f / 127, 0))
            .and()
        : table;
  }

  private BackendRules.Builder movements(BackendRules.Builder table) {
    return table
        .rule(
            "pass-through",
            anyIn(
                    "Relu Clip AveragePool GlobalAveragePool ReduceMax ReduceMin "
                        + "Reshape Flatten Squeeze Unsqueeze Transpose Slice Gather Pad "
                        + "Expand Tile DepthToSpace SpaceToDepth Resize Identity MaxPool Dropout")
                .where(Conditions.unusedResult(1), LayerPatterns.plainAverage()))
        .activation(activation())
        .outputSharesInput()
        .rule("concat", op("Concat"))
        .activation(activation())
        .mark(operandsAfterFirst(), sharedWith(operand(0)))
        .outputSharesInput()
        .rule("where", op("Where"))
        .mark(operand(1), activation())
        .mark(operand(2), sharedWith(operand(1)))
        .output(sharedWith(operand(1)))
        .rule("split", op("Split"))
        .activation(activation())
        .resultsShareInput()
        .and();
  }

  private SpecTemplate.Observed activation() {
    return observed(
        config.activationBits() == 16
            ? spec(Specs.int16().range(-32767, 32767).symmetric(), 0x1p-12f)
            : spec(Specs.int8().range(config.signedNormalized() ? -127 : -128, 127), 0x1p-16f));
  }

  private SpecTemplate.Observed boundary() {
    return config.unsignedBoundary() ? observed(spec(Specs.uint8(), 0x1p-16f)) : activation();
  }

  private SpecTemplate.Observed observed(SpecTemplate.Observed spec) {
    return config.mode() == Mode.STATIC ? spec.observedBy(ObserverSpec.squaredError()) : spec;
  }

  private SpecTemplate.Observed weight() {
    int limit = config.weightBits() == 8 ? 127 : 7;
    SpecTemplate.Observed spec = spec(Specs.int8().range(-limit, limit).symmetric(), 0x1p-16f);
    return config.channelwise() ? spec.perChannel(outputChannel()) : spec;
  }

  private SpecTemplate.Observed spec(SpecTemplate.Observed spec, float floor) {
    return spec.arithmetic(NumericProfile.torch().withScaleFloor(floor)).inMode(config.mode());
  }

  private SpecTemplate bias() {
    Derivation derivation =
        config.activationBits() == 16 ? WideBias.NAME : Derivation.productOfScales();
    return Specs.derived(BIAS, derivation, operand(0), operand(1));
  }
}
