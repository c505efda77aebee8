package dev.octet.backend.xnnpack;

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
 * The table of rules. Activations are int8, affine, per tensor; weights int8, symmetric; biases
 * stay float, and XNNPACK rounds them when it loads a model. No scale is below 2^-12.
 */
final class XnnpackRules {

  private static final NumericProfile ARITHMETIC = NumericProfile.torch().withScaleFloor(0x1p-12f);

  private final XnnpackConfig config;

  private XnnpackRules(XnnpackConfig config) {
    this.config = config;
  }

  static BackendRules of(String backend, XnnpackConfig config) {
    XnnpackRules rules = new XnnpackRules(config);
    BackendRules.Builder table = BackendRules.named(backend);
    return config.mode() == Mode.DYNAMIC
        ? rules.dynamic(table)
        : rules.movements(rules.computations(rules.layers(table))).build();
  }

  private BackendRules.Builder layers(BackendRules.Builder table) {
    return table
        .rule("conv", op("Conv").constantOperand(1).optionally("Relu"))
        .activation(activation())
        .weight(weight())
        .output(activation())
        .rule("conv-transpose", convTranspose().optionally("Relu"))
        .activation(activation())
        .weight(weight())
        .output(activation())
        .rule("linear", LayerPatterns.gemm().optionally("Relu"))
        .activation(activation())
        .weight(weight())
        .output(activation())
        .rule("linear-matmul", LayerPatterns.matMul().optionally("Relu"))
        .activation(activation())
        .weight(weight())
        .output(activation())
        .and();
  }

  private BackendRules.Builder computations(BackendRules.Builder table) {
    return table
        .rule("add", op("Add").optionally("Relu"))
        .inputs(activation())
        .output(activation())
        .rule("mul", op("Mul").optionally("Relu"))
        .inputs(activation())
        .output(activation())
        .rule("concat", op("Concat"))
        .activation(activation())
        .mark(MatchPoint.operandsAfterFirst(), sharedWith(MatchPoint.operand(0)))
        .outputSharesInput()
        .rule("silu", LayerPatterns.silu().optionally("Relu"))
        .claimAsFloat("XNNPACK has no SiLU on integers")
        .rule("gelu", LayerPatterns.gelu())
        .claimAsFloat("XNNPACK has no GELU on integers")
        .and();
  }

  private BackendRules.Builder movements(BackendRules.Builder table) {
    return table
        .rule(
            "pass-through",
            anyOf(
                "Relu",
                "Clip",
                "ReduceMean",
                "Transpose",
                "Squeeze",
                "Unsqueeze",
                "Reshape",
                "Flatten",
                "Slice",
                "Identity"))
        .whereInputIsQuantized()
        .outputSharesInput()
        .rule("max-pool", op("MaxPool").where(Conditions.unusedResult(1)))
        .whereInputIsQuantized()
        .outputSharesInput()
        .and();
  }

  private BackendRules dynamic(BackendRules.Builder table) {
    NodeCondition notBeforeRelu = Conditions.not(Conditions.followedBy("Relu"));
    NodeCondition notDepthwise =
        Conditions.any(
            Conditions.attributeIn("group", 1L), Conditions.not(Conditions.sizeIn(1, 1, 1L)));
    NodeCondition twoDimensional = Conditions.rankIn(1, 4);
    return table
        .rule("linear", LayerPatterns.gemm())
        .activation(activation())
        .weight(weight())
        .rule("linear-matmul", LayerPatterns.matMul())
        .activation(activation())
        .weight(weight())
        .rule(
            "conv",
            op("Conv").constantOperand(1).where(twoDimensional, notDepthwise, notBeforeRelu))
        .activation(activation())
        .weight(weight())
        .rule("conv-transpose", convTranspose().where(twoDimensional, notBeforeRelu))
        .activation(activation())
        .weight(weight())
        .build();
  }

  private static NodePattern convTranspose() {
    return op("ConvTranspose").constantOperand(1).where(Conditions.attributeIn("group", 1L));
  }

  private SpecTemplate.Observed activation() {
    SpecTemplate.Observed spec = Specs.int8().affine().perTensor().arithmetic(ARITHMETIC);
    return config.mode() == Mode.STATIC
        ? spec.observedBy(ObserverSpec.squaredError())
        : spec.inMode(config.mode());
  }

  private SpecTemplate.Observed weight() {
    boolean wide = config.weightBits() == 8;
    SpecTemplate.Observed spec =
        Specs.int8().range(wide ? -127 : -8, wide ? 127 : 7).symmetric().arithmetic(ARITHMETIC);
    SpecTemplate.Observed scaled = config.channelwise() ? spec.perChannel(outputChannel()) : spec;
    return config.mode() == Mode.QUANTIZATION_AWARE
        ? scaled.inMode(Mode.QUANTIZATION_AWARE)
        : scaled;
  }
}
