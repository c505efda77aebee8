package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.NodePattern.op;

import dev.octet.api.pattern.NodeCondition;

/** Patterns that several backends share: how exporters write layers in ONNX operators. */
public final class LayerPatterns {

  private LayerPatterns() {}

  /** Returns a dense layer as one Gemm: a constant weight, {@code alpha * A * B + beta * C}. */
  public static NodePattern gemm() {
    return op("Gemm")
        .where(
            Conditions.floatAttributeIs("alpha", 1),
            Conditions.floatAttributeIs("beta", 1),
            Conditions.attributeIn("transA", 0L))
        .constantOperand(1);
  }

  /**
   * Returns a dense layer as a MatMul by a constant matrix, and the constant vector added to it.
   */
  public static NodePattern matMul() {
    return op("MatMul")
        .constantOperand(1)
        .where(Conditions.rankIn(1, 2))
        .optionally("Add")
        .where(Conditions.otherOperandsConstant(), Conditions.otherOperandsRankIn(1));
  }

  /** Returns a {@link #gemm} whose bias, where it has one, is one constant for each channel. */
  public static NodePattern gemmWithBias() {
    return gemm()
        .constantIfPresent(2)
        .where(
            Conditions.any(
                Conditions.absentOperand(2), Conditions.runsAlong(2, 1, Specs.outputChannel())));
  }

  /** Returns a {@link #matMul} whose added vector has one value for each channel. */
  public static NodePattern matMulWithBias() {
    return matMul()
        .where(Conditions.otherOperandsRunAlong(MatchPoint.operand(1), Specs.outputChannel()));
  }

  /** Returns a MatMul that is no dense layer: its operand 1 is not a constant matrix. */
  public static NodePattern product() {
    return op("MatMul")
        .where(
            Conditions.not(Conditions.all(Conditions.constantOperand(1), Conditions.rankIn(1, 2))));
  }

  /**
   * Returns the condition that an AveragePool, where a step is one, has a form for which runtimes
   * of integers agree on the number of elements in a window: it states no dilations, and does not
   * count padding while windows may leave the padded input. ONNX Runtime's integer form refuses the
   * former, and divides by the size of the whole kernel in the latter.
   */
  public static NodeCondition plainAverage() {
    return Conditions.whenOperator(
        "AveragePool",
        Conditions.all(
            Conditions.because(
                Conditions.absentAttribute("dilations"), "its windows have gaps (dilations)"),
            Conditions.because(
                Conditions.any(
                    Conditions.attributeIn("ceil_mode", 0),
                    Conditions.attributeIn("count_include_pad", 0)),
                "it counts padding in windows that leave the padded input (ceil_mode)")));
  }

  /** Returns SiLU as exporters write it: {@code x * Sigmoid(x)}. */
  public static NodePattern silu() {
    return op("Sigmoid").then("Mul").where(Conditions.otherOperandsAre(MatchPoint.operand(0)));
  }

  /** Returns GELU as exporters write it: {@code x * (Erf(x / c) + 1) * 0.5}. */
  public static NodePattern gelu() {
    return op("Div")
        .constantOperand(1)
        .then("Erf")
        .then("Add")
        .where(Conditions.otherOperandsConstant())
        .then("Mul")
        .where(Conditions.otherOperandsAre(MatchPoint.operand(0)))
        .then("Mul")
        .where(Conditions.otherOperandsConstant());
  }
}
