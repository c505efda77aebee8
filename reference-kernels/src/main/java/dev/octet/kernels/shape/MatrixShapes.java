package dev.octet.kernels.shape;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Shape rules of matrix products. */
public final class MatrixShapes {

  private MatrixShapes() {}

  /** Gemm: {@code [M, N]}; C broadcasts to that. */
  public static List<Optional<TensorType>> gemm(ShapeContext context) {
    Optional<List<Dimension>> product = gemmed(context);
    if (context.has(2)) {
      context
          .dimensions(2)
          .ifPresent(added -> product.ifPresent(sizes -> requireBroadcast(added, sizes)));
    }
    return ShapeContext.resultOf(context.dataType(0), product);
  }

  private static void requireBroadcast(List<Dimension> added, List<Dimension> sizes) {
    int ahead = sizes.size() - added.size();
    boolean fits = ahead >= 0;
    for (int i = 0; fits && i < added.size(); i++) {
      OptionalLong own = added.get(i).known();
      OptionalLong there = sizes.get(ahead + i).known();
      fits = own.isEmpty() || there.isEmpty() || own.getAsLong() == 1 || own.equals(there);
    }
    if (!fits) {
      throw new ShapeMismatchException("a Gemm of " + sizes + " and " + added + " to be added");
    }
  }

  /** Returns the dimensions of {@code A * B} for two matrices, each perhaps transposed. */
  public static Optional<List<Dimension>> gemmed(ShapeContext context) {
    Optional<List<Dimension>> a = context.dimensions(0);
    Optional<List<Dimension>> b = context.dimensions(1);
    if (a.isEmpty() || b.isEmpty()) {
      return Optional.empty();
    }
    if (a.get().size() != 2 || b.get().size() != 2) {
      throw new ShapeMismatchException("a Gemm of " + a.get() + " and " + b.get());
    }
    int ta = context.node().intAttribute("transA", 0) == 0 ? 0 : 1;
    int tb = context.node().intAttribute("transB", 0) == 0 ? 0 : 1;
    Dimensions.same(a.get().get(1 - ta), b.get().get(tb));
    return Optional.of(List.of(a.get().get(ta), b.get().get(1 - tb)));
  }

  /** com.microsoft FusedMatMul: a MatMul, of operands whose last two dimensions may be swapped. */
  public static List<Optional<TensorType>> fusedMatMul(ShapeContext context) {
    Optional<List<Dimension>> a = turned(context, 0, "transA");
    Optional<List<Dimension>> b = turned(context, 1, "transB");
    return ShapeContext.resultOf(
        context.dataType(0),
        a.isEmpty() || b.isEmpty() ? Optional.empty() : Optional.of(multiply(a.get(), b.get())));
  }

  private static Optional<List<Dimension>> turned(
      ShapeContext context, int operand, String attribute) {
    return context
        .dimensions(operand)
        .map(
            stated -> {
              List<Dimension> sizes = new ArrayList<>(stated);
              if (sizes.size() > 1 && context.node().intAttribute(attribute, 0) != 0) {
                Collections.swap(sizes, sizes.size() - 2, sizes.size() - 1);
              }
              return sizes;
            });
  }

  /** MatMul: as NumPy's matmul; operands 0 and 1. */
  public static List<Optional<TensorType>> matMul(ShapeContext context) {
    return ShapeContext.resultOf(context.dataType(0), multiplied(context));
  }

  /** Returns the dimensions of a MatMul of operands 0 and 1. */
  public static Optional<List<Dimension>> multiplied(ShapeContext context) {
    Optional<List<Dimension>> a = context.dimensions(0);
    Optional<List<Dimension>> b = context.dimensions(1);
    return a.isEmpty() || b.isEmpty() ? Optional.empty() : Optional.of(multiply(a.get(), b.get()));
  }

  /**
   * Returns the dimensions of the rows of operand 0, of any rank above 0, times one matrix, operand
   * 1.
   *
   * @param transposed whether the matrix is stored [N, K]
   */
  static Optional<List<Dimension>> rowsMultiplied(ShapeContext context, boolean transposed) {
    Optional<List<Dimension>> a = context.dimensions(0);
    Optional<List<Dimension>> b = context.dimensions(1);
    if (a.isEmpty() || b.isEmpty()) {
      return Optional.empty();
    }
    if (a.get().isEmpty() || b.get().size() != 2) {
      throw new ShapeMismatchException("rows of " + a.get() + " times a matrix " + b.get());
    }
    int last = a.get().size() - 1;
    Dimensions.same(a.get().get(last), b.get().get(transposed ? 1 : 0));
    List<Dimension> result = new ArrayList<>(a.get().subList(0, last));
    result.add(b.get().get(transposed ? 0 : 1));
    return Optional.of(result);
  }

  /** com.microsoft MatMulNBits: rows of K floats become rows of N. */
  public static List<Optional<TensorType>> matMulNBits(ShapeContext context) {
    long depth = context.node().intAttribute("K", 0);
    long columns = context.node().intAttribute("N", 0);
    if (depth < 1 || columns < 1) {
      throw new ShapeMismatchException("a matrix of K " + depth + " by N " + columns);
    }
    Optional<List<Dimension>> a = context.dimensions(0);
    if (a.isPresent() && a.get().isEmpty()) {
      throw new ShapeMismatchException("rows of a scalar");
    }
    return ShapeContext.resultOf(
        Optional.of(DataType.FLOAT),
        a.map(
            sizes -> {
              int last = sizes.size() - 1;
              Dimensions.same(sizes.get(last), Dimension.of(depth));
              List<Dimension> result = new ArrayList<>(sizes);
              result.set(last, Dimension.of(columns));
              return result;
            }));
  }

  /** One-dimensional operands are a row on the left and a column on the right, then dropped. */
  private static List<Dimension> multiply(List<Dimension> a, List<Dimension> b) {
    int rankA = a.size();
    int rankB = b.size();
    if (rankA == 0 || rankB == 0) {
      throw new ShapeMismatchException("a MatMul of " + a + " and " + b);
    }
    Dimensions.same(a.get(rankA - 1), b.get(Math.max(0, rankB - 2)));
    List<Dimension> result =
        new ArrayList<>(
            Dimensions.broadcast(
                List.of(
                    a.subList(0, Math.max(0, rankA - 2)), b.subList(0, Math.max(0, rankB - 2)))));
    if (rankA > 1) {
      result.add(a.get(rankA - 2));
    }
    if (rankB > 1) {
      result.add(b.get(rankB - 1));
    }
    return result;
  }
}
