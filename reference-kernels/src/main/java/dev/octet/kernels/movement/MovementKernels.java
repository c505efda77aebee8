package dev.octet.kernels.movement;

import dev.octet.kernels.registry.Kernel;
import dev.octet.kernels.registry.KernelRegistry;
import dev.octet.kernels.registry.Operator;

/** Registers the kernels that move elements. */
public final class MovementKernels {

  private MovementKernels() {}

  /** Adds the kernels of this package. */
  public static void register(KernelRegistry.Builder builder) {
    aliases(builder);
  }

  private static void aliases(KernelRegistry.Builder builder) {
    Operator alias = Operator.of(preparation -> Kernel.alias(0));
    builder.add("Identity", alias);
    builder.add("Flatten", alias);
    builder.add("Reshape", alias.contents(1));
    builder.add("Squeeze", alias.contents(1));
    builder.add("Unsqueeze", alias.contents(1));
  }
}
