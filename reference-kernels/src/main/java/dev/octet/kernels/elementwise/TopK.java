package dev.octet.kernels.elementwise;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * TopK: the k largest or smallest elements along an axis and their indices, sorted, whether the
 * node asks for that or not. Of equal elements the first comes first; NaN counts as larger than any
 * number.
 */
final class TopK implements Kernel {

  private static final int K_IS_AN_OPERAND = 10;

  private final ArrayType x;
  private final int axis;
  private final int k;
  private final int sign;

  private TopK(ArrayType x, int axis, int k, int sign) {
    this.x = x;
    this.axis = axis;
    this.k = k;
    this.sign = sign;
  }

  static List<Optional<TensorType>> shape(ShapeContext context) {
    context.requireRank(1, 1, 1);
    Optional<Shape> shape = context.dimensions(0).map(d -> new Shape(chosen(context, d)));
    return List.of(
        ShapeContext.type(context.dataType(0), shape),
        Optional.of(new TensorType(DataType.INT64, shape)));
  }

  private static List<Dimension> chosen(ShapeContext context, List<Dimension> from) {
    List<Dimension> result = new ArrayList<>(from);
    int axis = Dimensions.axis(context.node().intAttribute("axis", -1), from.size());
    result.set(
        axis,
        k(context).map(k -> Dimension.of(checked(k, from.get(axis)))).orElse(Dimensions.unknown()));
    return result;
  }

  private static Optional<Long> k(ShapeContext context) {
    return context.opset() < K_IS_AN_OPERAND
        ? Optional.of(context.node().intAttribute("k", -1))
        : context.integers(1).map(TopK::single);
  }

  private static long single(long[] k) {
    if (k.length != 1) {
      throw new ShapeMismatchException(k.length + " numbers in the place of k");
    }
    return k[0];
  }

  private static long checked(long k, Dimension of) {
    if (k < 0 || k > Dimensions.size(of).orElse(Long.MAX_VALUE)) {
      throw new ShapeMismatchException("the first " + k + " elements of " + of);
    }
    return k;
  }

  static Kernel prepare(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    int axis = Dimensions.axis(preparation.node().intAttribute("axis", -1), x.rank());
    boolean largest = preparation.node().intAttribute("largest", 1) != 0;
    return new TopK(x, axis, preparation.result(0).size(axis), largest ? -1 : 1);
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    Object source = ElementwiseOperators.present(operands[0]);
    int inner = x.product(axis + 1, x.rank());
    int lines = x.product(0, axis) * inner;
    workers.forRange(
        lines,
        1,
        (from, to) -> {
          for (int line = from; line < to; line++) {
            Integer[] order = order(source, line, inner);
            write(source, order, line, inner, results);
          }
        });
  }

  private Integer[] order(Object source, int line, int inner) {
    Integer[] order = new Integer[x.size(axis)];
    Arrays.setAll(order, i -> i);
    int begin = line / inner * x.size(axis) * inner + line % inner;
    Comparator<Integer> byElement =
        (a, b) -> sign * compare(source, begin + a * inner, begin + b * inner);
    Arrays.sort(order, byElement);
    return order;
  }

  private int compare(Object source, int a, int b) {
    DataType type = x.dataType();
    if (!Elements.isReal(type)) {
      return Arithmetic.compare(
          type, Elements.integer(type, source, a), Elements.integer(type, source, b));
    }
    // Adding 0 makes both zeros one.
    return Double.compare(
        Elements.real(type, source, a) + 0.0, Elements.real(type, source, b) + 0.0);
  }

  private void write(
      Object source, Integer[] order, int line, int inner, @Nullable Object[] results) {
    Object values = results[0];
    long[] indices = results.length > 1 ? (long[]) results[1] : null;
    int begin = line / inner * x.size(axis) * inner + line % inner;
    for (int i = 0; i < k; i++) {
      int to = (line / inner * k + i) * inner + line % inner;
      if (values != null) {
        Elements.copy(x.kind(), source, begin + order[i] * inner, values, to);
      }
      if (indices != null) {
        indices[to] = order[i];
      }
    }
  }
}
