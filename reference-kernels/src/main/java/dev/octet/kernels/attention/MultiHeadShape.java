package dev.octet.kernels.attention;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.List;
import java.util.Optional;

/**
 * The shapes of a {@link MultiHeadAttention}: the query {@code [batch, length, heads * size]}, key
 * and value {@code [batch, keys, heads * size]}, or, both without a bias, {@code [batch, heads,
 * keys, size]}; the bias has a number for each element of a place of the three; the padding mask is
 * {@code [batch]} or {@code [batch, past + keys]}, what is added broadcasts to {@code [batch,
 * heads, length, past + keys]}; the past is {@code [batch, heads, past, size]}.
 */
final class MultiHeadShape {

  private final ShapeContext context;
  private final Dimension heads;

  private MultiHeadShape(ShapeContext context) {
    this.context = context;
    long stated = context.node().intAttribute("num_heads", 0);
    if (stated < 1) {
      throw new ShapeMismatchException("num_heads is " + stated);
    }
    this.heads = Dimension.of(stated);
  }

  static List<Optional<TensorType>> infer(ShapeContext context) {
    context.requireRank(0, 3, 3);
    for (int operand = 0; operand < 3; operand++) {
      context.requireRank(operand, 3, 4);
      if (context.has(operand) && context.dimensions(operand).isEmpty()) {
        return List.of();
      }
    }
    return new MultiHeadShape(context).infer();
  }

  /** Refuses what ONNX Runtime packs into fewer operands, or keeps for the next step. */
  static Optional<String> refusal(Signature signature) {
    List<String> operands = signature.node().operands();
    if (operands.size() < 3 || operands.get(1).isEmpty() || operands.get(2).isEmpty()) {
      return Optional.of("a query that holds keys and values is not supported");
    }
    if (operands.stream().skip(MultiHeadAttention.PAST_VALUE + 1L).anyMatch(o -> !o.isEmpty())) {
      return Optional.of("a past that is written in place is not supported");
    }
    return signature.node().results().stream().skip(3).anyMatch(result -> !result.isEmpty())
        ? Optional.of("a result of logits is not supported")
        : Optional.empty();
  }

  private List<Optional<TensorType>> infer() {
    List<Dimension> q = heads(0);
    List<Dimension> k = heads(1);
    List<Dimension> v = heads(2);
    for (int axis = 0; axis < 3; axis++) {
      Dimensions.same(k.get(axis), v.get(axis));
    }
    Dimensions.same(q.get(0), k.get(0));
    Dimensions.same(q.get(1), k.get(1));
    Dimensions.same(q.get(3), k.get(3));
    requireBias(q, v);
    Dimension keys = keys(k, v);
    requireMasks(q, keys);
    return List.of(
        type(List.of(q.get(0), q.get(2), Dimensions.product(List.of(heads, v.get(3))))),
        type(List.of(k.get(0), k.get(1), keys, k.get(3))),
        type(List.of(v.get(0), v.get(1), keys, v.get(3))));
  }

  private Optional<TensorType> type(List<Dimension> dimensions) {
    return ShapeContext.type(context.dataType(0), Optional.of(new Shape(dimensions)));
  }

  /** Sizes as [batch, heads, length, size]. */
  private List<Dimension> heads(int operand) {
    List<Dimension> stated =
        context
            .dimensions(operand)
            .orElseThrow(() -> new ShapeMismatchException("operand " + operand + " is left out"));
    if (stated.size() == 4) {
      return stated;
    }
    long number = heads.known().orElseThrow();
    if (Dimensions.size(stated.get(2)).orElse(0) % number != 0) {
      throw new ShapeMismatchException(number + " heads for rows of " + stated.get(2));
    }
    return List.of(
        stated.get(0), heads, stated.get(1), Dimensions.map(stated.get(2), n -> n / number));
  }

  private void requireBias(List<Dimension> q, List<Dimension> v) {
    boolean flat = context.dimensions(1).orElseThrow().size() == 3;
    if (context.has(MultiHeadAttention.BIAS) && !flat) {
      throw new ShapeMismatchException("a bias for keys of the shape " + context.dimensions(1));
    }
    context.requireSizes(
        MultiHeadAttention.BIAS,
        Dimensions.product(List.of(heads, Dimensions.sum(List.of(q.get(3), q.get(3), v.get(3))))));
  }

  private Dimension keys(List<Dimension> k, List<Dimension> v) {
    int pastKey = MultiHeadAttention.PAST_KEY;
    if (context.has(pastKey) != context.has(MultiHeadAttention.PAST_VALUE)) {
      throw new ShapeMismatchException("keys of the past without values, or values without keys");
    }
    if (!context.has(pastKey)) {
      return k.get(2);
    }
    context.requireRank(pastKey, 4, 4);
    Dimension past = context.dimensions(pastKey).map(d -> d.get(2)).orElse(Dimensions.unknown());
    context.requireSizes(pastKey, k.get(0), k.get(1), past, k.get(3));
    context.requireSizes(MultiHeadAttention.PAST_VALUE, v.get(0), v.get(1), past, v.get(3));
    return Dimensions.sum(List.of(past, k.get(2)));
  }

  private void requireMasks(List<Dimension> q, Dimension keys) {
    context.requireRank(MultiHeadAttention.PADDING, 1, 2);
    Optional<List<Dimension>> padding = context.dimensions(MultiHeadAttention.PADDING);
    if (padding.isPresent()) {
      Dimensions.same(padding.get().get(0), q.get(0));
      if (padding.get().size() == 2) {
        Dimensions.same(padding.get().get(1), keys);
      }
    }
    requireAdded(context, MultiHeadAttention.ADDED, List.of(q.get(0), heads, q.get(2), keys));
  }

  /** What is added to logits may repeat for batches and heads. */
  static void requireAdded(ShapeContext context, int operand, List<Dimension> logits) {
    context.requireRank(operand, 4, 4);
    Optional<List<Dimension>> added = context.dimensions(operand);
    if (added.isPresent()) {
      for (int axis = 0; axis < 4; axis++) {
        if (axis > 1 || !Dimensions.is(added.get().get(axis), 1)) {
          Dimensions.same(added.get().get(axis), logits.get(axis));
        }
      }
    }
  }
}
