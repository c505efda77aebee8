package dev.octet.backend.onnxruntime;

import static dev.octet.api.graph.DataType.INT8;
import static dev.octet.api.graph.DataType.UINT8;

import dev.octet.api.runtime.DeclaredUse;
import dev.octet.api.runtime.RequantizationProfile;
import dev.octet.api.runtime.RuntimeUses;
import dev.octet.api.runtime.ValueForm;

/**
 * What ONNX Runtime computes by which rule. Nothing is declared exact: its kernels choose other
 * instructions on other CPUs, and what is not fused runs in float, where a value near a tie may
 * round the other way.
 */
final class OnnxRuntimeUses {

  private static final ValueForm ACTIVATION = ValueForm.integers(UINT8, INT8).perTensor();
  private static final ValueForm WEIGHT = ValueForm.integers(UINT8, INT8).perTensor().perChannel();

  private static final DeclaredUse EVERYTHING =
      DeclaredUse.ofDomain("").requantizedBy(RequantizationProfile.simulated()).bounded(1);

  private OnnxRuntimeUses() {}

  /** Returns what runs where nothing is fused. */
  static RuntimeUses simulated() {
    return RuntimeUses.of(EVERYTHING);
  }

  /**
   * Returns what runs where QuantizeLinear and DequantizeLinear are fused into operators. A Conv of
   * int8 is fused on Arm alone, and computed in float elsewhere.
   */
  static RuntimeUses fused() {
    return RuntimeUses.of(
        product(DeclaredUse.of("Gemm", "MatMul"), ACTIVATION),
        product(DeclaredUse.of("Conv"), ValueForm.integers(UINT8).perTensor()),
        DeclaredUse.of("Add", "Mul")
            .operand(0, ACTIVATION)
            .operand(1, ACTIVATION)
            .result(0, ACTIVATION)
            .requantizedBy(RequantizationProfile.floatHalfEvenWithZeroPoint())
            .bounded(1),
        EVERYTHING);
  }

  private static DeclaredUse product(DeclaredUse.Draft operators, ValueForm activation) {
    return operators
        .operand(0, activation)
        .operand(1, WEIGHT)
        .result(0, activation)
        .requantizedBy(RequantizationProfile.floatHalfEven())
        .provided(
            "the products of a pair of weights fit 16 bits, or the CPU has VNNI: else they may"
                + " saturate")
        .bounded(1);
  }
}
