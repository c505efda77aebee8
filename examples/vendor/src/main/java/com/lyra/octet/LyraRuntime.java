package com.lyra.octet;

import dev.octet.api.graph.DataType;
import dev.octet.api.option.Options;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.DeclaredUse;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.RequantizationProfile;
import dev.octet.api.runtime.RuntimeUses;
import dev.octet.api.runtime.ValueForm;

/** A simulator of the accelerator: the integers that the chip gives, on the JVM. */
final class LyraRuntime implements BackendRuntime {

  private static final ValueForm ACTIVATION = ValueForm.integers(DataType.INT8).perTensor();
  private static final ValueForm FLOATS = ValueForm.plain(DataType.FLOAT);
  private static final ValueForm INTEGERS = ValueForm.plain(DataType.INT8);

  private static final RuntimeUses USES =
      RuntimeUses.of(
          DeclaredUse.of("Conv", "MatMul")
              .operand(0, ACTIVATION)
              .operand(1, ACTIVATION.perChannel())
              .operand(2, ValueForm.integers(DataType.INT32))
              .result(0, ACTIVATION)
              .requantizedBy(RequantizationProfile.fixedPointSingleRounding())
              .provided("scales of weights run along output channels, and of a bias are products")
              .exact(),
          DeclaredUse.of("Add")
              .operand(0, ACTIVATION)
              .operand(1, ACTIVATION)
              .result(0, ACTIVATION)
              .requantizedBy(RequantizationProfile.simulated())
              .exact(),
          DeclaredUse.of("Relu", "Flatten")
              .operand(0, ACTIVATION)
              .result(0, ACTIVATION)
              .requantizedBy(RequantizationProfile.simulated())
              .exact(),
          DeclaredUse.of("QuantizeLinear")
              .operand(0, FLOATS)
              .result(0, INTEGERS)
              .requantizedBy(RequantizationProfile.simulated())
              .exact(),
          DeclaredUse.of("DequantizeLinear").operand(0, INTEGERS).result(0, FLOATS).exact());

  @Override
  public RuntimeUses uses(Options options) {
    return USES;
  }

  @Override
  public ExecutableModel load(LoadRequest request) {
    return new LyraModel(request.model().graph(), USES);
  }
}
