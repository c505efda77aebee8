package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.NodePattern.anyOf;
import static dev.octet.annotation.rules.NodePattern.op;

/**
 * The rules of backends that run convolutional and dense networks on integers, with parameters
 * found before the model runs.
 *
 * <p>A convolution, a transposed one or a dense layer with a constant weight, together with a Relu
 * or Clip that alone reads its result; element-wise Add and Mul; averages; HardSwish and Sigmoid;
 * Concat; Softmax; and operators that only move values, behind a quantized value, with its
 * parameters.
 *
 * <p>What reads probabilities, the result of a Softmax, reads them with the parameters that they
 * have: a grid of their own would round them twice.
 */
public final class StaticIntegerRules {

  private StaticIntegerRules() {}

  /**
   * Returns the rules.
   *
   * @param backend the backend's name
   * @param types its integer types
   */
  public static BackendRules of(String backend, IntegerTypes types) {
    return SpeltOutFunctions.to(
            movements(computations(layers(BackendRules.named(backend), types), types)), types)
        .build();
  }

  private static BackendRules.Builder layers(BackendRules.Builder table, IntegerTypes types) {
    return table
        .rule("convolution", fused(op("Conv").constantOperand(1).constantIfPresent(2)))
        .activation(types.activationSpec())
        .weight(types.weightSpec())
        .bias(Specs.derivedFromInputAndWeight())
        .output(types.activationSpec())
        .rule(
            "transposed-convolution",
            fused(op("ConvTranspose").constantOperand(1).constantIfPresent(2)))
        .activation(types.activationSpec())
        .weight(types.weightSpec())
        .bias(Specs.derivedFromInputAndWeight())
        .output(types.activationSpec())
        .rule("dense", fused(LayerPatterns.gemmWithBias()))
        .activation(types.activationSpec())
        .weight(types.weightSpec())
        .bias(Specs.derivedFromInputAndWeight())
        .output(types.activationSpec())
        .rule("dense-matmul", fused(op("MatMul").constantOperand(1).where(Conditions.rankIn(1, 2))))
        .activation(types.activationSpec())
        .whereMadeBy("Softmax", types.probabilitySpec())
        .weight(types.weightSpec())
        .output(types.activationSpec())
        .and();
  }

  private static BackendRules.Builder computations(BackendRules.Builder table, IntegerTypes types) {
    return table
        .rule("matmul", fused(op("MatMul").variableOperand(1)))
        .inputs(types.activationSpec(), types.constantSpec())
        .whereMadeBy("Softmax", types.probabilitySpec())
        .output(types.activationSpec())
        .rule("element-wise", fused(anyOf("Add", "Mul")))
        .inputs(types.activationSpec(), types.constantSpec())
        .whereMadeBy("Softmax", types.probabilitySpec())
        .output(types.activationSpec())
        .rule(
            "average",
            fused(
                anyOf("GlobalAveragePool", "AveragePool", "ReduceMean")
                    .where(LayerPatterns.plainAverage())))
        .activation(types.activationSpec())
        .whereMadeBy("Softmax", types.probabilitySpec())
        .output(types.activationSpec())
        .rule(
            "activation-function",
            anyOf("Relu", "Clip", "HardSwish", "Sigmoid").constantIfPresent(1).constantIfPresent(2))
        .activation(types.activationSpec())
        .output(types.activationSpec())
        .rule("concat", op("Concat"))
        .inputs(types.activationSpec(), types.constantSpec())
        .whereMadeBy("Softmax", types.probabilitySpec())
        .output(types.activationSpec())
        .rule("softmax", op("Softmax"))
        .activation(types.activationSpec())
        .output(types.probabilitySpec())
        .and();
  }

  private static BackendRules.Builder movements(BackendRules.Builder table) {
    return table
        .rule(
            "pass-through",
            anyOf("Reshape", "Flatten", "Transpose", "Slice", "Squeeze", "Unsqueeze", "Identity"))
        .whereInputIsQuantized()
        .outputSharesInput()
        .rule("max-pool", op("MaxPool").where(Conditions.unusedResult(1)))
        .whereInputIsQuantized()
        .outputSharesInput()
        .rule(
            "pad",
            op("Pad")
                .where(
                    Conditions.textAttributeIn("mode", "constant"),
                    Conditions.floatAttributeIs("value", 0),
                    Conditions.constantValue(2, 0)))
        .whereInputIsQuantized()
        .outputSharesInput()
        .and();
  }

  /** A Relu or Clip behind an operator is computed with it. */
  private static NodePattern fused(NodePattern pattern) {
    return pattern.optionally("Relu", "Clip").constantIfPresent(1).constantIfPresent(2);
  }
}
