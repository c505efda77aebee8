package dev.octet.kernels.attention;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The shapes of a {@link ProjectedAttention}: the input {@code [batch, length, inputs]}, the
 * weights {@code [inputs, width]}, where the width is that of queries, keys and values, a third
 * each or as qkv_hidden_sizes says, and the bias {@code [width]}; the mask is {@code [batch]},
 * {@code [2 * batch]}, {@code [batch, past + length]} or {@code [batch, length, past + length]};
 * the past is {@code [2, batch, heads, past, size]}; what is added broadcasts to {@code [batch,
 * heads, length, past + length]}.
 */
final class ProjectedShape {

  private static final int PARTS = 3;

  private final ShapeContext context;
  private final List<Dimension> x;
  private final Dimension heads;
  private final int[] widths;

  private ProjectedShape(ShapeContext context, List<Dimension> x, int[] widths) {
    this.context = context;
    this.x = x;
    this.heads = Dimension.of(context.node().intAttribute("num_heads", 0));
    this.widths = widths;
  }

  static List<Optional<TensorType>> infer(ShapeContext context) {
    context.requireRank(0, 3, 3);
    context.requireRank(1, 2, 2);
    Optional<List<Dimension>> x = context.dimensions(0);
    Optional<List<Dimension>> weights = context.dimensions(1);
    if (x.isEmpty() || weights.isEmpty()) {
      return List.of();
    }
    Dimensions.same(x.get().get(2), weights.get().get(0));
    OptionalLong width = Dimensions.size(weights.get().get(1));
    return width.isEmpty()
        ? List.of()
        : new ProjectedShape(context, x.get(), widths(context.node(), width.getAsLong())).infer();
  }

  /** Refuses what ONNX Runtime has for other processors, or keeps for the next step. */
  static Optional<String> refusal(Signature signature) {
    Node node = signature.node();
    if (node.intAttribute("do_rotary", 0) != 0) {
      return Optional.of("queries and keys that are turned are not supported");
    }
    boolean shared =
        node.intAttribute("past_present_share_buffer", 0) != 0
            || node.operand(ProjectedAttention.ADDED + 1).isPresent();
    return shared
        ? Optional.of("a past that is written in place is not supported")
        : Optional.empty();
  }

  /**
   * Returns the elements of a place's queries, keys and values.
   *
   * @param width those of all three
   * @throws ShapeMismatchException if the node's numbers do not fit
   */
  static int[] widths(Node node, long width) {
    long third = width / PARTS;
    long[] widths =
        node.intsAttribute("qkv_hidden_sizes")
            .map(stated -> stated.stream().mapToLong(Long::longValue).toArray())
            .orElse(new long[] {third, third, third});
    long heads = node.intAttribute("num_heads", 0);
    if (heads < 1
        || widths.length != PARTS
        || widths[0] != widths[1]
        || Arrays.stream(widths).sum() != width
        || Arrays.stream(widths).anyMatch(each -> each < 0 || each % heads != 0)) {
      throw new ShapeMismatchException(
          heads + " heads for rows of " + width + " with the sizes " + Arrays.toString(widths));
    }
    return Arrays.stream(widths).mapToInt(Math::toIntExact).toArray();
  }

  private List<Optional<TensorType>> infer() {
    context.requireSizes(ProjectedAttention.BIAS, Dimension.of(Arrays.stream(widths).sum()));
    Dimension past = past();
    Dimension keys = Dimensions.sum(List.of(past, x.get(1)));
    requireMask(keys);
    MultiHeadShape.requireAdded(
        context, ProjectedAttention.ADDED, List.of(x.get(0), heads, x.get(1), keys));
    Optional<TensorType> y = type(List.of(x.get(0), x.get(1), Dimension.of(widths[2])));
    if (context.node().results().size() < 2) {
      return List.of(y);
    }
    requireOneSize();
    return List.of(y, type(List.of(Dimension.of(2), x.get(0), heads, keys, size())));
  }

  private Optional<TensorType> type(List<Dimension> dimensions) {
    return ShapeContext.type(context.dataType(0), Optional.of(new Shape(dimensions)));
  }

  private Dimension size() {
    return Dimension.of(widths[0] / heads.known().orElseThrow());
  }

  private void requireOneSize() {
    if (widths[0] != widths[2]) {
      throw new ShapeMismatchException(
          "keys and values of " + widths[0] + " and " + widths[2] + " elements in one tensor");
    }
  }

  private Dimension past() {
    int past = ProjectedAttention.PAST;
    if (!context.has(past)) {
      return Dimension.of(0);
    }
    requireOneSize();
    context.requireRank(past, 5, 5);
    Dimension count = context.dimensions(past).map(d -> d.get(3)).orElse(Dimensions.unknown());
    context.requireSizes(past, Dimension.of(2), x.get(0), heads, count, size());
    return count;
  }

  private void requireMask(Dimension keys) {
    int mask = ProjectedAttention.MASK;
    context.requireRank(mask, 1, 3);
    Optional<List<Dimension>> stated = context.dimensions(mask);
    if (stated.isEmpty()) {
      return;
    }
    switch (stated.get().size()) {
      case 1 -> requireEnds(stated.get().get(0));
      case 2 -> context.requireSizes(mask, x.get(0), keys);
      default -> context.requireSizes(mask, x.get(0), x.get(1), keys);
    }
  }

  private void requireEnds(Dimension count) {
    boolean twice = Dimensions.map(x.get(0), n -> Math.multiplyExact(n, 2)).equals(count);
    if (!twice) {
      Dimensions.same(count, x.get(0));
    }
  }
}
