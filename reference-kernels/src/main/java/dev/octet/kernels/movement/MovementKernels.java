package dev.octet.kernels.movement;

import static dev.octet.api.graph.DataType.DOUBLE;
import static dev.octet.api.graph.DataType.FLOAT;
import static dev.octet.api.graph.DataType.INT16;
import static dev.octet.api.graph.DataType.INT32;
import static dev.octet.api.graph.DataType.INT64;

import dev.octet.kernels.registry.Kernel;
import dev.octet.kernels.registry.KernelRegistry;
import dev.octet.kernels.registry.Operator;

/** Registers the kernels that move elements. */
public final class MovementKernels {

  private MovementKernels() {}

  /** Adds the kernels of this package. */
  public static void register(KernelRegistry.Builder builder) {
    aliases(builder);
    copies(builder);
    constants(builder);
  }

  private static void aliases(KernelRegistry.Builder builder) {
    Operator alias = Operator.of(preparation -> Kernel.alias(0));
    builder.add("Identity", alias);
    builder.add("Flatten", alias);
    builder.add("Dropout", Operator.of(Dropout::prepare).contents(2).refusing(Dropout::refusal));
    builder.add("Reshape", alias.contents(1));
    builder.add("Squeeze", alias.contents(1));
    builder.add("Unsqueeze", alias.contents(1));
  }

  private static void copies(KernelRegistry.Builder builder) {
    builder.add("Transpose", Operator.of(Copies::transpose));
    builder.add("Expand", Operator.of(Copies::expand).contents(1));
    builder.add("Tile", Operator.of(Copies::tile).contents(1));
    builder.add("Concat", Operator.of(Copies::concat));
    builder.add("Split", Operator.of(Copies::split).contents(1));
    builder.add("DepthToSpace", Operator.of(Copies::depthToSpace));
    builder.add("SpaceToDepth", Operator.of(Copies::spaceToDepth));
    builder.add("Slice", Operator.of(Slicing::slice).contents(1, 2, 3, 4));
    builder.add("Pad", Operator.of(Slicing::pad).contents(1, 3));
    builder.add("Gather", Operator.of(Gathering::gather));
    builder.add("GatherElements", Operator.of(Gathering::gatherElements));
  }

  private static void constants(KernelRegistry.Builder builder) {
    builder.add("Constant", Operator.of(Constants::constant));
    builder.add("ConstantOfShape", Operator.of(Constants::constantOfShape).contents(0));
    builder.add("Shape", Operator.of(Constants::shape).ofSizes());
    builder.add("Size", Operator.of(Constants::size).ofSizes());
    builder.add(
        "Range",
        Operator.of(Constants::range)
            .contents(0, 1, 2)
            .allTypes(FLOAT, DOUBLE, INT16, INT32, INT64));
  }
}
