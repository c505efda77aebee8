package dev.octet.kernels.shape;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Shape rules of reductions. */
public final class ReduceShapes {

  private ReduceShapes() {}

  /** ReduceMean and its kin. */
  public static List<Optional<TensorType>> reduce(ShapeContext context) {
    return ShapeContext.resultOf(context.dataType(0), reduced(context));
  }

  /** ArgMax, ArgMin: indices along one axis. */
  public static List<Optional<TensorType>> argument(ShapeContext context) {
    long axis = context.node().intAttribute("axis", 0);
    boolean keep = context.node().intAttribute("keepdims", 1) != 0;
    return ShapeContext.resultOf(
        Optional.of(DataType.INT64),
        context
            .dimensions(0)
            .map(from -> without(from, Dimensions.axes(new long[] {axis}, from.size()), keep)));
  }

  /** LayerNormalization: as {@link #normalizedRows}; scale and bias broadcast to a row. */
  public static List<Optional<TensorType>> layerNormalization(ShapeContext context) {
    long axis = context.node().intAttribute("axis", -1);
    context.dimensions(0).ifPresent(from -> requireFactors(context, from, axis));
    return normalizedRows(context);
  }

  /** Normalizations of rows: the input, then mean and inverse deviation of each row. */
  public static List<Optional<TensorType>> normalizedRows(ShapeContext context) {
    long axis = context.node().intAttribute("axis", -1);
    Optional<Shape> rows = context.dimensions(0).map(from -> new Shape(withoutTail(from, axis)));
    Optional<TensorType> statistic = Optional.of(new TensorType(DataType.FLOAT, rows));
    return List.of(ShapeContext.type(context.dataType(0), context.shape(0)), statistic, statistic);
  }

  /** Scale and bias broadcast to the part that is normalised. */
  private static void requireFactors(ShapeContext context, List<Dimension> from, long axis) {
    List<Dimension> row = from.subList(Dimensions.axis(axis, from.size()), from.size());
    for (int operand = 1; operand <= 2; operand++) {
      Optional<List<Dimension>> factors = context.dimensions(operand);
      if (factors.isPresent()) {
        context.requireRank(operand, 0, row.size());
        List<Dimension> all = Dimensions.broadcast(List.of(row, factors.get()));
        for (int i = 0; i < row.size(); i++) {
          Dimensions.same(row.get(i), all.get(i));
        }
      }
    }
  }

  private static List<Dimension> withoutTail(List<Dimension> from, long stated) {
    List<Dimension> result = new ArrayList<>(from);
    for (int i = Dimensions.axis(stated, from.size()); i < from.size(); i++) {
      result.set(i, Dimension.of(1));
    }
    return result;
  }

  private static Optional<List<Dimension>> reduced(ShapeContext context) {
    Optional<List<Dimension>> from = context.dimensions(0);
    if (from.isEmpty()) {
      return Optional.empty();
    }
    Optional<int[]> axes = axes(context, from.get().size());
    boolean keep = context.node().intAttribute("keepdims", 1) != 0;
    return axes.map(a -> without(from.get(), a, keep));
  }

  /** Returns the reduced axes: all for an empty list, unless that means none. */
  private static Optional<int[]> axes(ShapeContext context, int rank) {
    Optional<long[]> stated = context.integers("axes", 1);
    if (stated.isEmpty() && context.has(1)) {
      return Optional.empty();
    }
    boolean noop = context.node().intAttribute("noop_with_empty_axes", 0) != 0;
    return Optional.of(ReduceAxes.of(stated.orElse(new long[0]), noop, rank));
  }

  private static List<Dimension> without(List<Dimension> from, int[] axes, boolean keep) {
    List<Dimension> result = new ArrayList<>();
    for (int i = 0; i < from.size(); i++) {
      boolean reduced = ReduceAxes.contains(axes, i);
      if (keep || !reduced) {
        result.add(reduced ? Dimension.of(1) : from.get(i));
      }
    }
    return result;
  }
}
