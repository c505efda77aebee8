package dev.octet.kernels.execute;

import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.operators.Operators;
import dev.octet.kernels.registry.KernelRegistry;

/** Puts the kernels of all operators into one registry. */
public final class StandardKernels {

  private static final KernelRegistry ALL = all();

  private StandardKernels() {}

  /** Returns the registry of all kernels of this module. */
  public static KernelRegistry registry() {
    return ALL;
  }

  private static KernelRegistry all() {
    KernelRegistry.Builder builder = KernelRegistry.builder();
    for (OperatorDefinition definition : Operators.byType().values()) {
      definition.kernel().ifPresent(kernel -> builder.add(definition.op(), kernel));
    }
    return builder.build();
  }
}
