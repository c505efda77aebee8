package dev.octet.kernels.shape;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongUnaryOperator;

/** Shape rules of operators that move elements. */
public final class MovementShapes {

  /** The operator set from which on the last part of a Split may be smaller. */
  private static final int UNEVEN_PARTS = 18;

  private static final Set<String> PAD_MODES = Set.of("constant", "reflect", "edge", "wrap");
  private static final Set<String> DEPTH_ORDERS = Set.of("DCR", "CRD");

  private MovementShapes() {}

  /** Transpose: the dimensions in the order of perm, reversed without it. */
  public static List<Optional<TensorType>> transpose(ShapeContext context) {
    Optional<List<Long>> perm = context.node().intsAttribute("perm");
    return ShapeContext.resultOf(
        context.dataType(0), context.dimensions(0).map(from -> permuted(from, perm)));
  }

  private static List<Dimension> permuted(List<Dimension> from, Optional<List<Long>> perm) {
    List<Dimension> result = new ArrayList<>(from);
    if (perm.isEmpty()) {
      Collections.reverse(result);
      return result;
    }
    if (perm.get().size() != from.size() || perm.get().stream().anyMatch(axis -> axis < 0)) {
      throw new ShapeMismatchException("perm " + perm.get() + " of " + from);
    }
    int[] axes =
        Dimensions.distinctAxes(
            perm.get().stream().mapToLong(Long::longValue).toArray(), from.size());
    for (int i = 0; i < from.size(); i++) {
      result.set(i, from.get(axes[i]));
    }
    return result;
  }

  /** Concat: the sizes along the axis add up. */
  public static List<Optional<TensorType>> concat(ShapeContext context) {
    List<List<Dimension>> parts = new ArrayList<>();
    for (int i = 0; i < context.node().operands().size(); i++) {
      Optional<List<Dimension>> part = context.dimensions(i);
      if (part.isEmpty()) {
        return ShapeContext.result(context.dataType(0), Optional.empty());
      }
      parts.add(part.get());
    }
    return ShapeContext.resultOf(
        context.dataType(0), Optional.of(joined(parts, context.node().intAttribute("axis", 0))));
  }

  /** Returns the dimensions of parts joined along an axis. */
  static List<Dimension> joined(List<List<Dimension>> parts, long stated) {
    if (parts.isEmpty()) {
      throw new ShapeMismatchException("nothing to join");
    }
    int rank = parts.get(0).size();
    int axis = Dimensions.axis(stated, rank);
    List<Dimension> result = new ArrayList<>(parts.get(0));
    List<Dimension> along = new ArrayList<>();
    for (List<Dimension> part : parts) {
      if (part.size() != rank) {
        throw new ShapeMismatchException("ranks differ: " + parts);
      }
      for (int i = 0; i < rank; i++) {
        result.set(i, i == axis ? result.get(i) : Dimensions.same(result.get(i), part.get(i)));
      }
      along.add(part.get(axis));
    }
    result.set(axis, Dimensions.sum(along));
    return result;
  }

  /** Slice: starts, ends, axes and steps as attributes (opset 9 and older) or operands. */
  public static List<Optional<TensorType>> slice(ShapeContext context) {
    context.requireRank(3, 1, 1);
    context.requireRank(4, 1, 1);
    Optional<List<Dimension>> from = context.dimensions(0);
    Optional<long[]> starts = context.integers("starts", 1);
    Optional<long[]> ends = context.integers("ends", 2);
    boolean unknownAxes = context.has(3) && context.integers(3).isEmpty();
    boolean unknownSteps = context.has(4) && context.integers(4).isEmpty();
    if (from.isEmpty() || starts.isEmpty() || ends.isEmpty() || unknownAxes || unknownSteps) {
      return ShapeContext.result(context.dataType(0), Optional.empty());
    }
    List<Dimension> result = new ArrayList<>(from.get());
    int[] axes = sliceAxes(context.integers("axes", 3), starts.get().length, result.size());
    long[] steps = context.integers(4).orElse(ones(axes.length));
    requireCount("starts", starts.get(), axes.length);
    requireCount("ends", ends.get(), axes.length);
    requireCount("steps", steps, axes.length);
    for (int i = 0; i < axes.length; i++) {
      long step = steps[i];
      long start = starts.get()[i];
      long end = ends.get()[i];
      boolean whole = start == 0 && end >= Integer.MAX_VALUE && step == 1;
      Dimension size = from.get().get(axes[i]);
      result.set(
          axes[i],
          whole ? size : Dimensions.map(size, n -> SliceRange.of(start, end, step, n).count()));
    }
    return ShapeContext.resultOf(context.dataType(0), Optional.of(result));
  }

  private static void requireCount(String what, long[] values, int axes) {
    if (values.length != axes) {
      throw new ShapeMismatchException(
          what + " " + Arrays.toString(values) + " for " + axes + " axes");
    }
  }

  private static int[] sliceAxes(Optional<long[]> stated, int count, int rank) {
    if (stated.isEmpty()) {
      if (count > rank) {
        throw new ShapeMismatchException(count + " axes of a rank of " + rank);
      }
      int[] first = new int[count];
      Arrays.setAll(first, i -> i);
      return first;
    }
    return Dimensions.distinctAxes(stated.get(), rank);
  }

  private static long[] ones(int count) {
    long[] ones = new long[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Split: equal parts, the last one smaller, unless sizes are given. */
  public static List<Optional<TensorType>> split(ShapeContext context) {
    int parts = context.node().results().size();
    Optional<long[]> sizes = context.integers("split", 1);
    boolean unknown = sizes.isEmpty() && context.has(1);
    long stated = context.node().intAttribute("num_outputs", parts);
    if (stated != parts) {
      throw new ShapeMismatchException("num_outputs " + stated + " of " + parts + " results");
    }
    List<Optional<TensorType>> results = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      int part = i;
      Optional<Shape> shape =
          context
              .dimensions(0)
              .filter(from -> !unknown)
              .map(from -> new Shape(part(context, from, sizes, part)));
      results.add(ShapeContext.type(context.dataType(0), shape));
    }
    return results;
  }

  private static List<Dimension> part(
      ShapeContext context, List<Dimension> from, Optional<long[]> sizes, int part) {
    int axis = Dimensions.axis(context.node().intAttribute("axis", 0), from.size());
    int parts = context.node().results().size();
    List<Dimension> result = new ArrayList<>(from);
    if (sizes.isPresent()) {
      requireSum(sizes.get(), parts, from.get(axis));
      result.set(axis, Dimension.of(sizes.get()[part]));
    } else {
      boolean even = context.opset() < UNEVEN_PARTS;
      result.set(axis, Dimensions.map(from.get(axis), n -> equalPart(n, parts, part, even)));
    }
    return result;
  }

  private static long equalPart(long size, int parts, int part, boolean even) {
    if (even && size % parts != 0) {
      throw new ShapeMismatchException(size + " does not divide into " + parts + " equal parts");
    }
    long each = (size + parts - 1) / parts;
    return Math.max(0, Math.min(each, size - part * each));
  }

  private static void requireSum(long[] sizes, int parts, Dimension of) {
    long sum = Arrays.stream(sizes).reduce(0, Math::addExact);
    boolean negative = Arrays.stream(sizes).anyMatch(size -> size < 0);
    if (negative || sizes.length != parts || Dimensions.size(of).orElse(sum) != sum) {
      throw new ShapeMismatchException(
          "parts of " + Arrays.toString(sizes) + " for " + parts + " results of " + of);
    }
  }

  /** Pad: begin and end paddings add to the sizes; negative ones crop. */
  public static List<Optional<TensorType>> pad(ShapeContext context) {
    Optional<long[]> pads = context.integers("pads", 1);
    boolean unknownAxes = context.has(3) && context.integers(3).isEmpty();
    context.requireOne(2);
    context.requireChoice("mode", "constant", PAD_MODES);
    if (pads.isEmpty() || unknownAxes) {
      return ShapeContext.result(context.dataType(0), Optional.empty());
    }
    Optional<List<Dimension>> shape =
        context.dimensions(0).map(from -> padded(from, pads.get(), context.integers(3)));
    return ShapeContext.resultOf(context.dataType(0), shape);
  }

  private static List<Dimension> padded(
      List<Dimension> from, long[] pads, Optional<long[]> stated) {
    int[] axes = sliceAxes(stated, pads.length / 2, from.size());
    if (pads.length != 2 * axes.length || axes.length > from.size()) {
      throw new ShapeMismatchException("pads " + Arrays.toString(pads) + " for " + from);
    }
    List<Dimension> result = new ArrayList<>(from);
    for (int i = 0; i < axes.length; i++) {
      long more = Math.addExact(pads[i], pads[i + axes.length]);
      Dimension size = from.get(axes[i]);
      result.set(axes[i], more == 0 ? size : Dimensions.map(size, n -> padded(n, more)));
    }
    return result;
  }

  private static long padded(long size, long more) {
    long result = Math.addExact(size, more);
    if (result < 0) {
      throw new ShapeMismatchException("pads take " + -more + " of " + size + " elements away");
    }
    return result;
  }

  /** Gather: the dimensions of the indices stand in the place of the axis. */
  public static List<Optional<TensorType>> gather(ShapeContext context) {
    Optional<List<Dimension>> from = context.dimensions(0);
    Optional<List<Dimension>> indices = context.dimensions(1);
    if (from.isEmpty() || indices.isEmpty()) {
      return ShapeContext.result(context.dataType(0), Optional.empty());
    }
    int axis = Dimensions.axis(context.node().intAttribute("axis", 0), from.get().size());
    List<Dimension> result = new ArrayList<>(from.get().subList(0, axis));
    result.addAll(indices.get());
    result.addAll(from.get().subList(axis + 1, from.get().size()));
    return ShapeContext.resultOf(context.dataType(0), Optional.of(result));
  }

  /** GatherElements: the shape of the indices, which is no larger along every other axis. */
  public static List<Optional<TensorType>> gatherElements(ShapeContext context) {
    Optional<List<Dimension>> from = context.dimensions(0);
    Optional<List<Dimension>> indices = context.dimensions(1);
    from.ifPresent(data -> indices.ifPresent(chosen -> requireInside(context, data, chosen)));
    return ShapeContext.result(context.dataType(0), context.shape(1));
  }

  private static void requireInside(
      ShapeContext context, List<Dimension> from, List<Dimension> indices) {
    int axis = Dimensions.axis(context.node().intAttribute("axis", 0), from.size());
    boolean inside = indices.size() == from.size();
    for (int i = 0; inside && i < from.size(); i++) {
      OptionalLong there = from.get(i).known();
      OptionalLong chosen = indices.get(i).known();
      boolean known = i != axis && there.isPresent() && chosen.isPresent();
      inside = !known || chosen.getAsLong() <= there.getAsLong();
    }
    if (!inside) {
      throw new ShapeMismatchException("indices " + indices + " for elements of " + from);
    }
  }

  /** Expand: broadcasts to a shape. */
  public static List<Optional<TensorType>> expand(ShapeContext context) {
    Optional<List<Dimension>> from = context.dimensions(0);
    Optional<List<Dimension>> to = context.requireSizes(1);
    return ShapeContext.resultOf(
        context.dataType(0),
        from.isEmpty() || to.isEmpty()
            ? Optional.empty()
            : Optional.of(Dimensions.broadcast(List.of(from.get(), to.get()))));
  }

  /** Tile: every size times its number of repeats. */
  public static List<Optional<TensorType>> tile(ShapeContext context) {
    context.requireRank(1, 1, 1);
    Optional<long[]> repeats = context.integers(1);
    Optional<List<Dimension>> shape =
        context.dimensions(0).flatMap(from -> repeats.map(r -> tiled(from, r)));
    return ShapeContext.resultOf(context.dataType(0), shape);
  }

  private static List<Dimension> tiled(List<Dimension> from, long[] repeats) {
    if (repeats.length != from.size() || Arrays.stream(repeats).anyMatch(n -> n < 0)) {
      throw new ShapeMismatchException("repeats " + Arrays.toString(repeats) + " for " + from);
    }
    List<Dimension> result = new ArrayList<>();
    for (int i = 0; i < repeats.length; i++) {
      result.add(Dimensions.product(List.of(from.get(i), Dimension.of(repeats[i]))));
    }
    return result;
  }

  /** Constant: the type of its tensor. */
  public static List<Optional<TensorType>> constant(ShapeContext context) {
    return List.of(ConstantValue.of(context.node()).map(Tensor::type));
  }

  /** ConstantOfShape: the shape that operand 0 holds; 0.0 without a value. */
  public static List<Optional<TensorType>> constantOfShape(ShapeContext context) {
    Optional<Tensor> value = context.node().tensorAttribute("value");
    if (value.filter(stated -> stated.elementCount() != 1).isPresent()) {
      throw new ShapeMismatchException("a value of " + value.get().type() + " for one element");
    }
    DataType type = value.map(Tensor::dataType).orElse(DataType.FLOAT);
    return ShapeContext.resultOf(Optional.of(type), context.requireSizes(0));
  }

  /** Shape: one element per dimension. */
  public static List<Optional<TensorType>> shape(ShapeContext context) {
    Optional<List<Dimension>> shape =
        context
            .dimensions(0)
            .map(d -> List.of(Dimension.of(ConstantValue.shape(context.node(), d).size())));
    return ShapeContext.resultOf(Optional.of(DataType.INT64), shape);
  }

  /** Size: a scalar. */
  public static List<Optional<TensorType>> size(ShapeContext context) {
    return ShapeContext.result(Optional.of(DataType.INT64), Optional.of(Shape.of()));
  }

  /** Cast: the element type that the attribute names, by its number in ONNX. */
  public static List<Optional<TensorType>> cast(ShapeContext context) {
    long to = context.node().intAttribute("to", 0);
    Optional<DataType> type = DataType.ofOnnxNumber(to);
    if (type.isEmpty()) {
      throw new ShapeMismatchException("a cast to type " + to + ", of which there is none");
    }
    return ShapeContext.result(type, context.shape(0));
  }

  /** CastLike: the element type of operand 1. */
  public static List<Optional<TensorType>> castLike(ShapeContext context) {
    return ShapeContext.result(context.dataType(1), context.shape(0));
  }

  /** Dropout: the input, and a mask of truth values. */
  public static List<Optional<TensorType>> dropout(ShapeContext context) {
    context.requireOne(1);
    context.requireOne(2);
    return List.of(
        ShapeContext.type(context.dataType(0), context.shape(0)),
        Optional.of(new TensorType(DataType.BOOL, context.shape(0))));
  }

  /** Range: {@code max(0, ceil((limit - start) / delta))} elements. */
  public static List<Optional<TensorType>> range(ShapeContext context) {
    Optional<Tensor> start = context.constant(0);
    Optional<Tensor> limit = context.constant(1);
    Optional<Tensor> delta = context.constant(2);
    boolean known = start.isPresent() && limit.isPresent() && delta.isPresent();
    Dimension size =
        known
            ? Dimension.of(RangeCount.of(start.get(), limit.get(), delta.get()))
            : Dimensions.unknown();
    return ShapeContext.resultOf(context.dataType(0), Optional.of(List.of(size)));
  }

  /** DepthToSpace: {@code [N, C / b^2, H * b, W * b]}. */
  public static List<Optional<TensorType>> depthToSpace(ShapeContext context) {
    long block = blockSize(context);
    context.requireChoice("mode", "DCR", DEPTH_ORDERS);
    return image(
        context,
        channels -> whole(channels, block * block),
        side -> Math.multiplyExact(side, block));
  }

  /** SpaceToDepth: {@code [N, C * b^2, H / b, W / b]}. */
  public static List<Optional<TensorType>> spaceToDepth(ShapeContext context) {
    long block = blockSize(context);
    return image(
        context,
        channels -> Math.multiplyExact(channels, block * block),
        side -> whole(side, block));
  }

  private static long blockSize(ShapeContext context) {
    context.requireRank(0, 4, 4);
    long block = context.node().intAttribute("blocksize", 1);
    if (block < 1 || block > Short.MAX_VALUE) {
      throw new ShapeMismatchException("blocks of size " + block);
    }
    return block;
  }

  private static long whole(long size, long blocks) {
    if (size % blocks != 0) {
      throw new ShapeMismatchException(size + " is no multiple of " + blocks);
    }
    return size / blocks;
  }

  private static List<Optional<TensorType>> image(
      ShapeContext context, LongUnaryOperator channels, LongUnaryOperator side) {
    return ShapeContext.resultOf(
        context.dataType(0),
        context
            .dimensions(0)
            .map(
                d ->
                    List.of(
                        d.get(0),
                        Dimensions.map(d.get(1), channels),
                        Dimensions.map(d.get(2), side),
                        Dimensions.map(d.get(3), side))));
  }
}
