package dev.octet.kernels.attention;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The shapes of an Attention: Q {@code [batch, heads, q, size]}, K and V {@code [batch, kv_heads,
 * kv, size]}, or each {@code [batch, length, heads * size]} with the numbers of heads as
 * attributes. Keys and values of the past, {@code [batch, kv_heads, past, size]}, come before them.
 * The mask broadcasts to {@code [batch, heads, q, past + kv]}, of which it may lack the end.
 */
final class AttentionShape {

  private final ShapeContext context;
  private final boolean flat;

  private AttentionShape(ShapeContext context) {
    this.context = context;
    this.flat = context.dimensions(0).map(d -> d.size() == 3).orElse(false);
  }

  static List<Optional<TensorType>> infer(ShapeContext context) {
    for (int operand = 0; operand < 3; operand++) {
      context.requireRank(operand, 3, 4);
      if (context.dimensions(operand).isEmpty()) {
        return List.of();
      }
    }
    return new AttentionShape(context).infer();
  }

  private List<Optional<TensorType>> infer() {
    List<Dimension> q = heads(0, "q_num_heads");
    List<Dimension> k = heads(1, "kv_num_heads");
    List<Dimension> v = heads(2, "kv_num_heads");
    Dimensions.same(q.get(3), k.get(3));
    requireSame(k, v);
    Dimensions.same(q.get(0), k.get(0));
    requireMultiple(q.get(1), k.get(1));
    Dimension length = presentLength(k, v);
    requireMask(q, length);
    context.requireSizes(6, q.get(0));
    List<Dimension> y =
        flat
            ? List.of(q.get(0), q.get(2), Dimensions.product(List.of(q.get(1), v.get(3))))
            : List.of(q.get(0), q.get(1), q.get(2), v.get(3));
    return List.of(
        type(0, y),
        type(1, List.of(k.get(0), k.get(1), length, k.get(3))),
        type(2, List.of(v.get(0), v.get(1), length, v.get(3))),
        type(0, List.of(q.get(0), q.get(1), q.get(2), length)));
  }

  private Optional<TensorType> type(int operand, List<Dimension> dimensions) {
    return ShapeContext.type(context.dataType(operand), Optional.of(new Shape(dimensions)));
  }

  private static void requireSame(List<Dimension> k, List<Dimension> v) {
    for (int axis = 0; axis < 3; axis++) {
      Dimensions.same(k.get(axis), v.get(axis));
    }
  }

  private static void requireMultiple(Dimension queries, Dimension keys) {
    long each = Dimensions.size(keys).orElse(1);
    if (each < 1 || Dimensions.size(queries).orElse(0) % each != 0) {
      throw new ShapeMismatchException(queries + " heads share those of " + keys);
    }
  }

  /** Sizes as [batch, heads, length, size]. */
  private List<Dimension> heads(int operand, String attribute) {
    List<Dimension> stated = context.dimensions(operand).orElseThrow();
    if (stated.size() != (flat ? 3 : 4)) {
      throw new ShapeMismatchException("operand " + operand + " has the shape " + stated);
    }
    if (!flat) {
      return stated;
    }
    long heads = context.node().intAttribute(attribute, 0);
    if (heads < 1 || Dimensions.size(stated.get(2)).orElse(0) % heads != 0) {
      throw new ShapeMismatchException(
          attribute + " is " + heads + " for rows of " + stated.get(2));
    }
    return List.of(
        stated.get(0),
        Dimension.of(heads),
        stated.get(1),
        Dimensions.map(stated.get(2), n -> n / heads));
  }

  private Dimension presentLength(List<Dimension> k, List<Dimension> v) {
    if (context.has(4) != context.has(5)) {
      throw new ShapeMismatchException("keys of the past without values, or values without keys");
    }
    if (!context.has(4)) {
      return k.get(2);
    }
    context.requireRank(4, 4, 4);
    Dimension past = context.dimensions(4).map(d -> d.get(2)).orElse(Dimensions.unknown());
    context.requireSizes(4, k.get(0), k.get(1), past, k.get(3));
    context.requireSizes(5, v.get(0), v.get(1), past, v.get(3));
    return Dimensions.sum(List.of(past, k.get(2)));
  }

  private void requireMask(List<Dimension> q, Dimension length) {
    context.requireRank(3, 1, 4);
    Optional<List<Dimension>> mask = context.dimensions(3);
    if (mask.isEmpty()) {
      return;
    }
    List<Dimension> whole = List.of(q.get(0), q.get(1), q.get(2), length);
    List<Dimension> stated = new ArrayList<>(mask.get());
    for (int i = 0; i < stated.size(); i++) {
      long most = Dimensions.size(whole.get(4 - stated.size() + i)).orElse(Long.MAX_VALUE);
      long own = Dimensions.size(stated.get(i)).orElse(1);
      boolean last = i == stated.size() - 1;
      if (own > most || (!last && own != 1 && most != Long.MAX_VALUE && own != most)) {
        throw new ShapeMismatchException("a mask of " + stated + " for logits of " + whole);
      }
    }
  }

  /** Tells whether a mask may have elements of a type. */
  static boolean isMask(DataType type) {
    return type == DataType.BOOL || Elements.isReal(type);
  }
}
