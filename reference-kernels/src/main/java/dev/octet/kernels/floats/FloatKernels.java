package dev.octet.kernels.floats;

import static dev.octet.api.graph.DataType.FLOAT;

import dev.octet.kernels.registry.KernelRegistry;
import dev.octet.kernels.registry.Operator;

/** Registers the float kernels. */
public final class FloatKernels {

  private FloatKernels() {}

  /** Adds the kernels of this package. */
  public static void register(KernelRegistry.Builder builder) {
    builder.add("Relu", unary(UnaryFunctions::relu));
    builder.add("Add", binary(BinaryFunctions.ADD));
  }

  private static Operator unary(FloatUnary function) {
    return Operator.of(function::kernel).allTypes(FLOAT);
  }

  private static Operator binary(FloatBinary function) {
    return Operator.of(function::kernel).allTypes(FLOAT);
  }
}
