package dev.octet.kernels.scatter;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ElementwiseShapes;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.thread.Workers;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * ScatterElements and Scatter: the data, with an update for each index, in its place but along the
 * axis, where the index says it; see {@link Merging}.
 */
final class ScatterElements implements Kernel {

  private final ArrayType x;
  private final ArrayType indices;
  private final int axis;
  private final Merging merging;

  private ScatterElements(ArrayType x, ArrayType indices, int axis, Merging merging) {
    this.x = x;
    this.indices = indices;
    this.axis = axis;
    this.merging = merging;
  }

  static Kernel prepare(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    return new ScatterElements(
        x,
        preparation.operand(1),
        Dimensions.axis(preparation.node().intAttribute("axis", 0), x.rank()),
        Merging.of(preparation.node()));
  }

  /** The shape of the data; indices and updates have one shape, within it but along the axis. */
  static List<Optional<TensorType>> shape(ShapeContext context) {
    Merging.require(context.node());
    Optional<List<Dimension>> data = context.dimensions(0);
    Optional<List<Dimension>> indices = context.dimensions(1);
    if (data.isPresent() && indices.isPresent()) {
      int axis = Dimensions.axis(context.node().intAttribute("axis", 0), data.get().size());
      context.requireSizes(2, indices.get().toArray(Dimension[]::new));
      context.requireRank(1, data.get().size(), data.get().size());
      for (int i = 0; i < data.get().size(); i++) {
        long size = Dimensions.size(data.get().get(i)).orElse(Long.MAX_VALUE);
        if (i != axis && Dimensions.size(indices.get().get(i)).orElse(0) > size) {
          throw new ShapeMismatchException(
              "indices of " + indices.get() + " for data of " + data.get());
        }
      }
    }
    return ElementwiseShapes.sameAsFirst(context);
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    Object source = Objects.requireNonNull(operands[0], "data");
    Object chosen = Objects.requireNonNull(operands[1], "indices");
    Object updates = Objects.requireNonNull(operands[2], "updates");
    Object target = Objects.requireNonNull(results[0], "result");
    System.arraycopy(source, 0, target, 0, x.count());
    for (int i = 0; i < indices.count(); i++) {
      int index = Places.index(indices.dataType(), chosen, i, x.size(axis));
      merging.put(x, updates, i, target, place(i, index));
    }
  }

  private int place(int position, int index) {
    int rest = position;
    int stride = 1;
    int at = 0;
    for (int a = x.rank() - 1; a >= 0; a--) {
      at += (a == axis ? index : rest % indices.size(a)) * stride;
      rest /= indices.size(a);
      stride *= x.size(a);
    }
    return at;
  }
}
