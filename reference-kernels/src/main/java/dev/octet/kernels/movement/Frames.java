package dev.octet.kernels.movement;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.KernelDataException;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ElementwiseShapes;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Operators that put elements into a frame of another size or order, with zeros around them. */
final class Frames {

  private Frames() {}

  /** CenterCropPad: some axes have the sizes that operand 1 holds. */
  static List<Optional<TensorType>> centredShape(ShapeContext context) {
    Optional<List<Dimension>> x = context.dimensions(0);
    Optional<long[]> sizes = context.integers(1);
    if (x.isEmpty() || sizes.isEmpty()) {
      return ShapeContext.result(context.dataType(0), Optional.empty());
    }
    int[] axes = axes(context.node(), x.get().size());
    if (sizes.get().length != axes.length || Arrays.stream(sizes.get()).anyMatch(s -> s < 0)) {
      throw new ShapeMismatchException(
          "sizes " + Arrays.toString(sizes.get()) + " for " + axes.length + " axes");
    }
    List<Dimension> result = new ArrayList<>(x.get());
    for (int i = 0; i < axes.length; i++) {
      result.set(axes[i], Dimension.of(sizes.get()[i]));
    }
    return ShapeContext.resultOf(context.dataType(0), Optional.of(result));
  }

  private static int[] axes(Node node, int rank) {
    List<Long> stated = node.intsAttribute("axes").orElse(List.of());
    return stated.isEmpty()
        ? Copies.firstAxes(rank)
        : Dimensions.axes(stated.stream().mapToLong(Long::longValue).toArray(), rank);
  }

  /** CenterCropPad: what is cut off or added at both ends differs by one at most. */
  static Kernel centred(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    ArrayType y = preparation.result(0);
    int[] moved = new int[x.rank()];
    Arrays.setAll(moved, i -> moved(x.size(i), y.size(i)));
    return framed(x, y, moved);
  }

  /** By how much the place of an element in the operand is more than in the result. */
  private static int moved(int from, int to) {
    return from >= to ? (from - to) / 2 : -((to - from) / 2);
  }

  private static Kernel framed(ArrayType x, ArrayType y, int[] moved) {
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Object source = Copies.present(operands[0]);
        Object target = Copies.present(results[0]);
        Object zero = x.kind().allocate(1);
        for (int i = 0; i < y.count(); i++) {
          int from = source(x, y, moved, i);
          Elements.copy(x.kind(), from < 0 ? zero : source, Math.max(0, from), target, i);
        }
      }
    };
  }

  /** Where an element of the result comes from; -1 for a zero. */
  private static int source(ArrayType x, ArrayType y, int[] moved, int element) {
    int rest = element;
    int stride = 1;
    int from = 0;
    for (int axis = y.rank() - 1; axis >= 0; axis--) {
      int place = rest % y.size(axis) + moved[axis];
      if (place < 0 || place >= x.size(axis)) {
        return -1;
      }
      from += place * stride;
      stride *= x.size(axis);
      rest /= y.size(axis);
    }
    return from;
  }

  /** MaxUnpool: the size that the pooling had, or what operand 2 holds. */
  static List<Optional<TensorType>> unpooledShape(ShapeContext context) {
    context.requireRank(0, 3, Integer.MAX_VALUE);
    Optional<List<Dimension>> x = context.dimensions(0);
    if (x.isEmpty() || (context.has(2) && context.integers(2).isEmpty())) {
      return ShapeContext.result(context.dataType(0), Optional.empty());
    }
    context.requireSizes(1, x.get().toArray(Dimension[]::new));
    List<Dimension> result = new ArrayList<>();
    Optional<long[]> stated = context.integers(2);
    if (stated.isPresent()) {
      Arrays.stream(stated.get()).forEach(size -> result.add(Dimension.of(Math.max(0, size))));
      if (result.size() != x.get().size()) {
        throw new ShapeMismatchException("output_shape " + result + " for " + x.get());
      }
    } else {
      result.addAll(x.get());
      for (int i = 2; i < result.size(); i++) {
        int axis = i - 2;
        result.set(i, Dimensions.map(result.get(i), n -> unpooled(context.node(), axis, n)));
      }
    }
    return ShapeContext.resultOf(context.dataType(0), Optional.of(result));
  }

  private static long unpooled(Node node, int axis, long size) {
    List<Long> kernel = node.intsAttribute("kernel_shape").orElse(List.of());
    List<Long> strides = node.intsAttribute("strides").orElse(List.of());
    List<Long> pads = node.intsAttribute("pads").orElse(List.of());
    if (axis >= kernel.size()
        || (!strides.isEmpty() && strides.size() != kernel.size())
        || (!pads.isEmpty() && pads.size() != 2 * kernel.size())) {
      throw new ShapeMismatchException("kernel_shape " + kernel + " with other strides or pads");
    }
    long stride = strides.isEmpty() ? 1 : strides.get(axis);
    if (stride < 1 || kernel.get(axis) < 1 || kernel.get(axis) > Integer.MAX_VALUE) {
      throw new ShapeMismatchException("kernel_shape " + kernel + " with strides " + strides);
    }
    long pad = pads.isEmpty() ? 0 : pads.get(axis) + pads.get(axis + kernel.size());
    long result = Math.multiplyExact(size - 1, stride) - pad + kernel.get(axis);
    if (result < 0) {
      throw new ShapeMismatchException("a result of size " + result);
    }
    return result;
  }

  private static int inside(long size) {
    if (size > Integer.MAX_VALUE) {
      throw new ShapeMismatchException("a result of size " + size);
    }
    return (int) size;
  }

  /**
   * MaxUnpool: each element where its index says, counted in the size that the pooling had; zeros
   * elsewhere.
   */
  static Kernel unpool(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    ArrayType y = preparation.result(0);
    int[] sizes = x.sizes();
    for (int i = 2; i < sizes.length; i++) {
      sizes[i] = inside(unpooled(preparation.node(), i - 2, sizes[i]));
    }
    ArrayType inner = ArrayType.of(x.dataType(), sizes);
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Object source = Copies.present(operands[0]);
        Object indices = Copies.present(operands[1]);
        Object pooled = inner.kind().allocate(inner.count());
        for (int i = 0; i < x.count(); i++) {
          long index = Elements.integer(DataType.INT64, indices, i);
          if (index < 0 || index >= inner.count()) {
            throw new KernelDataException("index " + index + " of " + inner.count());
          }
          Elements.copy(x.kind(), source, i, pooled, (int) index);
        }
        framed(inner, y, new int[y.rank()]).run(new Object[] {pooled}, results, workers);
      }
    };
  }

  /** ReverseSequence: two different axes of the first two, and a length for each batch. */
  static List<Optional<TensorType>> reversedShape(ShapeContext context) {
    long batch = context.node().intAttribute("batch_axis", 1);
    long time = context.node().intAttribute("time_axis", 0);
    if (batch < 0 || batch > 1 || time != 1 - batch) {
      throw new ShapeMismatchException("time_axis " + time + " with batch_axis " + batch);
    }
    context.requireRank(0, 2, Integer.MAX_VALUE);
    context.dimensions(0).ifPresent(x -> context.requireSizes(1, x.get((int) batch)));
    return ElementwiseShapes.sameAsFirst(context);
  }

  /** ReverseSequence: the first elements of each sequence from the last to the first. */
  static Kernel reverse(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    boolean timeFirst = preparation.node().intAttribute("time_axis", 0) == 0;
    int steps = x.size(timeFirst ? 0 : 1);
    int batches = x.size(timeFirst ? 1 : 0);
    int block = x.product(2, x.rank());
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Object source = Copies.present(operands[0]);
        Object lengths = Copies.present(operands[1]);
        Object target = Copies.present(results[0]);
        for (int i = 0; i < steps * batches; i++) {
          int batch = timeFirst ? i % batches : i / steps;
          int step = timeFirst ? i / batches : i % steps;
          long length = Elements.integer(DataType.INT64, lengths, batch);
          if (length < 0 || length > steps) {
            throw new KernelDataException("a sequence of " + length + " among " + steps + " steps");
          }
          int from = step < length ? (int) length - 1 - step : step;
          int row = timeFirst ? from * batches + batch : batch * steps + from;
          System.arraycopy(source, row * block, target, i * block, block);
        }
      }
    };
  }
}
