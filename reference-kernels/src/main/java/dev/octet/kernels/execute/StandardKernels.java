package dev.octet.kernels.execute;

import dev.octet.kernels.elementwise.ElementwiseKernels;
import dev.octet.kernels.floats.FloatKernels;
import dev.octet.kernels.integer.IntegerKernels;
import dev.octet.kernels.movement.MovementKernels;
import dev.octet.kernels.registry.KernelRegistry;

/** Puts the kernel families of this module into one registry. */
public final class StandardKernels {

  private static final KernelRegistry ALL = all();

  private StandardKernels() {}

  /** Returns the registry of all kernels of this module. */
  public static KernelRegistry registry() {
    return ALL;
  }

  private static KernelRegistry all() {
    KernelRegistry.Builder builder = KernelRegistry.builder();
    FloatKernels.register(builder);
    ElementwiseKernels.register(builder, FloatKernels::floatPath);
    MovementKernels.register(builder);
    IntegerKernels.register(builder);
    return builder.build();
  }
}
