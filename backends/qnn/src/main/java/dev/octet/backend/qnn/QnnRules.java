package dev.octet.backend.qnn;

import static dev.octet.annotation.rules.MatchPoint.operand;
import static dev.octet.annotation.rules.MatchPoint.operandsAfterFirst;
import static dev.octet.annotation.rules.MatchPoint.otherOperands;
import static dev.octet.annotation.rules.NodePattern.anyIn;
import static dev.octet.annotation.rules.NodePattern.anyOf;
import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.fixed;
import static dev.octet.annotation.rules.Specs.sharedWith;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.Conditions;
import dev.octet.annotation.rules.LayerPatterns;
import dev.octet.annotation.rules.NodePattern;
import dev.octet.annotation.rules.SpecTemplate;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;

/**
 * The table of rules. Activations are uint8 or uint16, affine, per tensor; weights int8 or int16,
 * symmetric, as asked for in blocks; biases int32. A Relu has parameters of its own. No scale is
 * below 1e-4 / 65535.
 */
final class QnnRules {

  private final QnnConfig config;
  private final QnnSpecs specs;

  private QnnRules(QnnConfig config) {
    this.config = config;
    this.specs = new QnnSpecs(config);
  }

  static BackendRules of(String backend, QnnConfig config) {
    QnnRules rules = new QnnRules(config);
    BackendRules.Builder table = rules.layers(BackendRules.named(backend));
    return rules.movements(rules.knownRanges(rules.functions(rules.arithmetic(table)))).build();
  }

  private BackendRules.Builder layers(BackendRules.Builder table) {
    NodeCondition oneGroup = Conditions.attributeIn("group", 1L);
    NodePattern conv = op("Conv").constantOperand(1).constantIfPresent(2);
    NodePattern transposed = op("ConvTranspose").constantOperand(1).constantIfPresent(2);
    NodePattern grouped = transposed.where(Conditions.not(oneGroup));
    NodePattern matMul = LayerPatterns.matMulWithBias();
    if (config.blockwise()) {
      NodePattern pointwise = conv.where(ofKernel1());
      table = blocks(table.rule("conv-of-kernel-1", pointwise).bias(specs.blockBias()));
      conv = conv.where(Conditions.not(ofKernel1()));
    }
    table = layer(table.rule("conv", conv).bias(specs.bias()));
    table = layer(table.rule("conv-transpose", transposed.where(oneGroup)).bias(specs.bias()));
    table = layer(table.rule("conv-transpose-grouped", grouped).bias(specs.groupedBias()));
    table = blocks(table.rule("linear", LayerPatterns.gemmWithBias()).bias(specs.blockBias()));
    return blocks(table.rule("linear-matmul", matMul).mark(otherOperands(1), specs.blockBias()));
  }

  /** One scale for each output channel is a row of blocks then. */
  private static NodeCondition ofKernel1() {
    return Conditions.all(
        Conditions.attributeIn("group", 1L),
        Conditions.rankIn(1, 4),
        Conditions.sizeIn(1, 2, 1),
        Conditions.sizeIn(1, 3, 1));
  }

  private BackendRules.Builder layer(BackendRules.RuleBuilder rule) {
    return rule.activation(activation()).weight(specs.weight()).output(activation()).and();
  }

  /** A layer whose weights have blocks where they are asked for. */
  private BackendRules.Builder blocks(BackendRules.RuleBuilder rule) {
    return rule.activation(activation()).weight(specs.blockWeight()).output(activation()).and();
  }

  private SpecTemplate activation() {
    return specs.activation();
  }

  private BackendRules.Builder arithmetic(BackendRules.Builder table) {
    return table
        .rule("arithmetic", anyOf("Add", "Sub", "Mul", "Div", "Max", "Min", "PRelu"))
        .inputs(activation())
        .output(activation())
        .rule("matmul", LayerPatterns.product())
        .activation(activation())
        .weight(specs.factor())
        .output(activation())
        .rule(
            "normalization",
            op("LayerNormalization")
                .constantOperand(1)
                .constantIfPresent(2)
                .where(Conditions.unusedResult(1)))
        .activation(activation())
        .weight(specs.factor())
        .bias(specs.ownBias())
        .output(activation())
        .rule("comparison", anyOf("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"))
        .inputs(activation())
        .rule("where", op("Where"))
        .mark(operand(1), activation())
        .mark(operand(2), activation())
        .output(activation())
        .and();
  }

  private BackendRules.Builder functions(BackendRules.Builder table) {
    return table
        .rule(
            "function",
            anyIn(
                    "Relu Clip LeakyRelu Elu HardSwish Gelu Softmax LogSoftmax Abs Neg Sign Ceil "
                        + "Floor Round Sqrt Exp Log Sin Cos Asin Atan AveragePool "
                        + "GlobalAveragePool ReduceMean ReduceMax ReduceMin CumSum Pad Slice "
                        + "DepthToSpace SpaceToDepth Resize MaxPool")
                .where(Conditions.unusedResult(1), LayerPatterns.plainAverage()))
        .activation(activation())
        .output(activation())
        .rule("sum", op("ReduceSum").constantOperand(1))
        .activation(activation())
        .output(activation())
        .rule("gelu", LayerPatterns.gelu())
        .activation(activation())
        .mark(otherOperands(3), sharedWith(operand(0)))
        .output(activation())
        .and();
  }

  /** Functions whose results lie between 0 and 1; the result of Tanh is fixed in 16 bits alone. */
  private BackendRules.Builder knownRanges(BackendRules.Builder table) {
    boolean wide = config.activationBits() == 16;
    QuantizedType type = QuantizedType.of(wide ? Storage.UINT16 : Storage.UINT8);
    return table
        .rule("unit-interval", anyOf("Sigmoid", "HardSigmoid"))
        .activation(activation())
        .output(fixed(type, 1f / (type.max() + 1), 0))
        .rule("tanh", op("Tanh"))
        .activation(activation())
        .output(wide ? fixed(type, 1f / 32768, 32768) : activation())
        .and();
  }

  private BackendRules.Builder movements(BackendRules.Builder table) {
    return table
        .rule(
            "pass-through", anyIn("Reshape Flatten Squeeze Unsqueeze Transpose Expand Tile Gather"))
        .activation(activation())
        .outputSharesInput()
        .rule("concat", op("Concat"))
        .activation(activation())
        .mark(operandsAfterFirst(), sharedWith(operand(0)))
        .outputSharesInput()
        .rule("split", op("Split"))
        .activation(activation())
        .resultsShareInput()
        .and();
  }
}
