package dev.octet.backend.x86;

import static dev.octet.annotation.rules.NodePattern.anyOf;
import static dev.octet.annotation.rules.NodePattern.op;
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
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.ObserverSpec;

/**
 * The table of rules. Activations are uint8, affine, per tensor, and quantized where they are read;
 * weights are int8, symmetric, per output channel; biases stay float. No scale is below 2^-12.
 */
final class X86Rules {

  private static final NumericProfile ARITHMETIC = NumericProfile.torch().withScaleFloor(0x1p-12f);

  /** Operators that other rules may begin with: what makes a flattened value worth quantizing. */
  private static final NodeCondition READ_BY_QUANTIZED =
      Conditions.readBy(
          "Conv", "Gemm", "MatMul", "Mul", "MaxPool", "AveragePool", "Concat", "Flatten");

  private static final NodeCondition BATCH_NORMALIZATION = Conditions.folded("BatchNormalization");

  private final X86Config config;

  private X86Rules(X86Config config) {
    this.config = config;
  }

  static BackendRules of(String backend, X86Config config) {
    X86Rules rules = new X86Rules(config);
    BackendRules.Builder table = BackendRules.named(backend);
    if (config.mode() == Mode.QUANTIZATION_AWARE) {
      table = rules.convolutions(table, "conv-bn", BATCH_NORMALIZATION, true);
      table = rules.convolutions(table, "conv", Conditions.not(BATCH_NORMALIZATION), false);
    } else {
      table = rules.convolutions(table, "conv", Conditions.all(), false);
    }
    table = rules.others(rules.linears(table));
    return (config.mode() == Mode.DYNAMIC ? table : rules.propagation(table)).build();
  }

  /**
   * Convolutions with what is computed in one step with them.
   *
   * @param result whether the result of the last node is quantized too
   */
  private BackendRules.Builder convolutions(
      BackendRules.Builder table, String name, NodeCondition condition, boolean result) {
    NodePattern plane = op("Conv").constantOperand(1).where(condition, Conditions.rankIn(1, 4));
    NodePattern line = op("Conv").constantOperand(1).where(condition, Conditions.rankIn(1, 3));
    NodePattern silu =
        plane
            .then("Sigmoid")
            .besideOtherReaders()
            .then("Mul")
            .where(Conditions.otherOperandsAre(MatchPoint.result(0, 0)));
    BackendRules.RuleBuilder sum =
        table
            .rule(
                name + "-add",
                plane.then("Add").where(Conditions.otherOperandsVariable()).optionally("Relu"))
            .mark(MatchPoint.otherOperands(1), activation());
    table = layer(sum, result);
    table = layer(table.rule(name, plane.optionally("Relu", "Clip", "HardSwish")), result);
    table = layer(table.rule(name + "-silu", silu), result);
    return layer(table.rule(name + "1d-relu", line.then("Relu")), result);
  }

  private BackendRules.Builder layer(BackendRules.RuleBuilder rule, boolean result) {
    rule.activation(activation()).weight(weight());
    return (result ? rule.output(activation()) : rule).and();
  }

  private BackendRules.Builder linears(BackendRules.Builder table) {
    String[] functions = {"Relu", "LeakyRelu", "Tanh"};
    NodePattern withBias =
        op("MatMul")
            .constantOperand(1)
            .where(Conditions.rankIn(1, 2))
            .then("Add")
            .where(Conditions.otherOperandsConstant(), Conditions.otherOperandsRankIn(1));
    NodePattern withoutBias = op("MatMul").constantOperand(1).where(Conditions.rankIn(1, 2));
    table = layer(table.rule("linear", LayerPatterns.gemm().optionally(functions)), false);
    table = layer(table.rule("linear-matmul", LayerPatterns.matMul().optionally(functions)), false);
    table = layer(table.rule("linear-add", sum(LayerPatterns.gemm())), false);
    table = layer(table.rule("linear-matmul-add", sum(LayerPatterns.matMul())), false);
    table = layer(table.rule("linear-gelu", geluBehind(LayerPatterns.gemm(), 0)), false);
    table = layer(table.rule("linear-matmul-gelu", geluBehind(withoutBias, 0)), false);
    return layer(table.rule("linear-matmul-bias-gelu", geluBehind(withBias, 1)), false);
  }

  private static NodePattern sum(NodePattern linear) {
    return linear.then("Add").where(Conditions.otherOperandsVariable()).optionally("Relu");
  }

  private static NodePattern geluBehind(NodePattern linear, int lastStep) {
    return linear
        .then("Div")
        .constantOperand(1)
        .besideOtherReaders()
        .then("Erf")
        .then("Add")
        .where(Conditions.otherOperandsConstant())
        .then("Mul")
        .where(Conditions.otherOperandsAre(MatchPoint.result(lastStep, 0)))
        .then("Mul")
        .where(Conditions.otherOperandsConstant());
  }

  private BackendRules.Builder others(BackendRules.Builder table) {
    return table
        .rule("mul", op("Mul").where(Conditions.sameShape(0, 1)))
        .inputs(activation())
        .rule("silu", LayerPatterns.silu())
        .claimAsFloat("SiLU is quantized only behind a convolution")
        .rule("gelu", LayerPatterns.gelu())
        .claimAsFloat("GELU is quantized only behind a dense layer")
        .and();
  }

  /**
   * Operators that hand on the parameters of their input, behind a quantized pattern. Parameters
   * that are found while the model runs are those of one value, and nothing hands them on.
   */
  private BackendRules.Builder propagation(BackendRules.Builder table) {
    return table
        .rule(
            "pool",
            anyOf("MaxPool", "AveragePool")
                .where(
                    Conditions.followsMatch(0),
                    Conditions.unusedResult(1),
                    LayerPatterns.plainAverage()))
        .activation(activation())
        .outputSharesInput()
        .rule("concat", op("Concat").where(Conditions.allFollowMatches()))
        .activation(activation())
        .mark(MatchPoint.operandsAfterFirst(), sharedWith(MatchPoint.operand(0)))
        .outputSharesInput()
        .rule("flatten", op("Flatten").where(Conditions.followsMatch(0), READ_BY_QUANTIZED))
        .activation(activation())
        .outputSharesInput()
        .rule(
            "flatten-reshape",
            op("Reshape")
                .where(
                    Conditions.followsMatch(0),
                    Conditions.flattensBehindFirstAxis(),
                    READ_BY_QUANTIZED))
        .activation(activation())
        .outputSharesInput()
        .and();
  }

  private SpecTemplate.Observed activation() {
    SpecTemplate.Observed whole = Specs.uint8().affine().perTensor().arithmetic(ARITHMETIC);
    SpecTemplate.Observed spec = config.reduceRange() ? whole.range(0, 127) : whole;
    return config.mode() == Mode.STATIC
        ? spec.observedBy(ObserverSpec.squaredError())
        : spec.inMode(config.mode());
  }

  private SpecTemplate.Observed weight() {
    SpecTemplate.Observed spec =
        Specs.int8().symmetric().arithmetic(ARITHMETIC).perChannel(outputChannel());
    return config.mode() == Mode.QUANTIZATION_AWARE ? spec.inMode(Mode.QUANTIZATION_AWARE) : spec;
  }
}
