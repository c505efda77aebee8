package dev.octet.kernels.scatter;

import dev.octet.api.graph.DataType;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** ScatterND and GatherND: slices in places that rows of indices name. */
final class ByTuples {

  private ByTuples() {}

  /** ScatterND: the shape of the data; updates have a slice for each row of indices. */
  static List<Optional<TensorType>> scatterShape(ShapeContext context) {
    Merging.require(context.node());
    Optional<List<Dimension>> data = context.dimensions(0);
    Optional<List<Dimension>> indices = context.dimensions(1);
    if (data.isPresent() && indices.isPresent()) {
      int length = length(context, data.get().size());
      if (length >= 0) {
        List<Dimension> updates = new ArrayList<>(withoutLast(indices.get()));
        updates.addAll(data.get().subList(length, data.get().size()));
        context.requireSizes(2, updates.toArray(Dimension[]::new));
      }
    }
    return ElementwiseShapes.sameAsFirst(context);
  }

  /** GatherND: a slice for each row of indices, within each batch. */
  static List<Optional<TensorType>> gatherShape(ShapeContext context) {
    Optional<List<Dimension>> data = context.dimensions(0);
    Optional<List<Dimension>> indices = context.dimensions(1);
    if (data.isEmpty() || indices.isEmpty()) {
      return ShapeContext.result(context.dataType(0), Optional.empty());
    }
    long batches = context.node().intAttribute("batch_dims", 0);
    context.requireRank(1, (int) Math.max(1, Math.min(batches + 1, 1000)), Integer.MAX_VALUE);
    if (batches < 0 || batches >= data.get().size()) {
      throw new ShapeMismatchException("batch_dims " + batches + " of data of " + data.get());
    }
    for (int i = 0; i < batches; i++) {
      Dimensions.same(data.get().get(i), indices.get().get(i));
    }
    int length = length(context, data.get().size() - (int) batches);
    if (length < 0) {
      return ShapeContext.result(context.dataType(0), Optional.empty());
    }
    List<Dimension> result = new ArrayList<>(withoutLast(indices.get()));
    result.addAll(data.get().subList((int) batches + length, data.get().size()));
    return ShapeContext.resultOf(context.dataType(0), Optional.of(result));
  }

  /** The length of a row of indices; -1 where it is not known. */
  private static int length(ShapeContext context, int most) {
    context.requireRank(1, 1, Integer.MAX_VALUE);
    List<Dimension> indices = context.dimensions(1).orElseThrow();
    long length = Dimensions.size(indices.get(indices.size() - 1)).orElse(-1);
    if (length > most) {
      throw new ShapeMismatchException("rows of " + length + " indices for " + most + " axes");
    }
    return (int) length;
  }

  private static List<Dimension> withoutLast(List<Dimension> dimensions) {
    return dimensions.subList(0, dimensions.size() - 1);
  }

  static Kernel scatter(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    ArrayType indices = preparation.operand(1);
    Merging merging = Merging.of(preparation.node());
    int length = indices.size(indices.rank() - 1);
    int rows = indices.product(0, indices.rank() - 1);
    int block = x.product(length, x.rank());
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Object chosen = Objects.requireNonNull(operands[1], "indices");
        Object updates = Objects.requireNonNull(operands[2], "updates");
        Object target = Objects.requireNonNull(results[0], "result");
        System.arraycopy(Objects.requireNonNull(operands[0]), 0, target, 0, x.count());
        for (int row = 0; row < rows; row++) {
          int to = Places.begin(x, 0, indices.dataType(), chosen, row, length);
          for (int i = 0; i < block; i++) {
            merging.put(x, updates, row * block + i, target, to + i);
          }
        }
      }
    };
  }

  static Kernel gather(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    ArrayType indices = preparation.operand(1);
    DataType type = indices.dataType();
    int batches = Math.toIntExact(preparation.node().intAttribute("batch_dims", 0));
    int length = indices.size(indices.rank() - 1);
    int rows = indices.product(0, indices.rank() - 1);
    int rowsOfBatch = indices.product(batches, indices.rank() - 1);
    int block = x.product(batches + length, x.rank());
    int batch = x.product(batches, x.rank());
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Object source = Objects.requireNonNull(operands[0], "data");
        Object chosen = Objects.requireNonNull(operands[1], "indices");
        Object target = Objects.requireNonNull(results[0], "result");
        for (int row = 0; row < rows; row++) {
          int from = row / rowsOfBatch * batch;
          from += Places.begin(x, batches, type, chosen, row, length);
          System.arraycopy(source, from, target, row * block, block);
        }
      }
    };
  }
}
