package dev.octet.kernels.shape;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Shape rules of convolutions and poolings. */
public final class WindowShapes {

  private WindowShapes() {}

  /** Conv: operand 0 is the input, operand 1 the weights; the element type is that of the input. */
  public static List<Optional<TensorType>> conv(ShapeContext context) {
    Optional<List<Dimension>> result = convolved(context);
    result.ifPresent(sizes -> context.requireSizes(2, sizes.get(1)));
    return ShapeContext.resultOf(context.dataType(0), result);
  }

  /** com.microsoft FusedConv: a Conv, with operand 3 of its shape to be added. */
  public static List<Optional<TensorType>> fusedConv(ShapeContext context) {
    List<Optional<TensorType>> result = conv(context);
    result
        .get(0)
        .flatMap(TensorType::shape)
        .ifPresent(shape -> context.requireSizes(3, shape.dimensions().toArray(Dimension[]::new)));
    return result;
  }

  /**
   * Returns the dimensions of a convolution's result: {@code [N, M, out...]} for an input {@code
   * [N, C, in...]} and weights {@code [M, C / group, kernel...]}.
   */
  public static Optional<List<Dimension>> convolved(ShapeContext context) {
    Optional<List<Dimension>> input = context.dimensions(0);
    Optional<List<Dimension>> weights = context.dimensions(1);
    if (input.isEmpty() || weights.isEmpty()) {
      return Optional.empty();
    }
    int rank = input.get().size();
    if (rank < 3 || weights.get().size() != rank) {
      throw new ShapeMismatchException(
          "a convolution of " + input.get() + " with weights " + weights.get());
    }
    requireChannels(context, input.get().get(1), weights.get());
    Optional<long[]> kernel = Dimensions.sizes(weights.get().subList(2, rank));
    if (kernel.isEmpty()) {
      return Optional.empty();
    }
    Optional<List<Long>> stated =
        context.node().intsAttribute("kernel_shape").filter(sizes -> !sizes.isEmpty());
    if (stated.isPresent() && !stated.get().equals(Arrays.stream(kernel.get()).boxed().toList())) {
      throw new ShapeMismatchException(
          "kernel_shape " + stated.get() + " of weights " + weights.get());
    }
    int[] sizes = new int[rank - 2];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.toIntExact(kernel.get()[i]);
    }
    return Optional.of(slid(Window.of(context.node(), sizes), input.get(), weights.get().get(0)));
  }

  private static void requireChannels(
      ShapeContext context, Dimension channels, List<Dimension> weights) {
    long group = context.node().intAttribute("group", 1);
    OptionalLong each = Dimensions.size(weights.get(1));
    OptionalLong total = Dimensions.size(channels);
    if (each.isPresent() && total.isPresent() && each.getAsLong() * group != total.getAsLong()) {
      throw new ShapeMismatchException(
          channels
              + " channels, where weights "
              + weights
              + " in "
              + group
              + " groups take "
              + each.getAsLong() * group);
    }
    if (group < 1 || Dimensions.size(weights.get(0)).orElse(0) % group != 0) {
      throw new ShapeMismatchException(
          weights.get(0) + " output channels do not divide into " + group + " groups");
    }
  }

  /**
   * ConvTranspose: operand 0 is the input, operand 1 the weights, operand 2 the bias where there is
   * one; the element type is that of the input.
   */
  public static List<Optional<TensorType>> convTranspose(ShapeContext context) {
    Optional<List<Dimension>> result = transposed(context);
    context.requireRank(2, 1, 1);
    if (result.isPresent()) {
      Dimension channels = result.get().get(1);
      context.dimensions(2).ifPresent(bias -> Dimensions.same(bias.get(0), channels));
    }
    return ShapeContext.resultOf(context.dataType(0), result);
  }

  /**
   * Returns the dimensions of a transposed convolution's result: {@code [N, M, out...]} for an
   * input {@code [N, C, in...]} and weights {@code [C, M / group, kernel...]}.
   */
  public static Optional<List<Dimension>> transposed(ShapeContext context) {
    context.requireRank(0, 3, Integer.MAX_VALUE);
    Optional<List<Dimension>> x = context.dimensions(0);
    Optional<List<Dimension>> w = context.dimensions(1);
    if (x.isEmpty() || w.isEmpty() || Dimensions.sizes(w.get()).isEmpty()) {
      return Optional.empty();
    }
    context.requireRank(1, x.get().size(), x.get().size());
    long groups = context.node().intAttribute("group", 1);
    if (groups < 1 || Dimensions.size(w.get().get(0)).orElse(groups) % groups != 0) {
      throw new ShapeMismatchException(w.get().get(0) + " channels in " + groups + " groups");
    }
    Dimensions.same(x.get().get(1), w.get().get(0));
    long[] kernel = Dimensions.sizes(w.get().subList(2, w.get().size())).orElseThrow();
    TransposedWindow window = TransposedWindow.of(context.node(), kernel);
    List<Dimension> result = new ArrayList<>();
    result.add(x.get().get(0));
    result.add(Dimensions.map(w.get().get(1), n -> Math.multiplyExact(n, groups)));
    for (int axis = 0; axis < window.rank(); axis++) {
      int i = axis;
      result.add(Dimensions.map(x.get().get(axis + 2), n -> window.output(i, n)));
    }
    return Optional.of(result);
  }

  private static List<Dimension> slid(Window window, List<Dimension> input, Dimension channels) {
    if (input.size() != window.rank() + 2) {
      throw new ShapeMismatchException(
          "a window of " + window.rank() + " axes over an input " + input);
    }
    List<Dimension> result = new ArrayList<>();
    result.add(input.get(0));
    result.add(channels);
    for (int i = 0; i < window.rank(); i++) {
      result.add(window.output(i, input.get(i + 2)));
    }
    return result;
  }

  /** Every window of a pooling reaches the input. */
  private static List<Dimension> pooled(Window window, List<Dimension> input) {
    List<Dimension> result = slid(window, input, input.get(1));
    for (int i = 0; i < window.rank(); i++) {
      window.requireInput(i);
    }
    return result;
  }

  /** MaxPool, AveragePool, LpPool: one value per window; MaxPool's result 1 holds indices. */
  public static List<Optional<TensorType>> pool(ShapeContext context) {
    context.requireRank(0, 3, Integer.MAX_VALUE);
    Optional<Shape> shape =
        context
            .dimensions(0)
            .map(in -> new Shape(pooled(Window.ofKernelShape(context.node()), in)));
    return List.of(
        ShapeContext.type(context.dataType(0), shape),
        Optional.of(new TensorType(DataType.INT64, shape)));
  }

  /** Global poolings: every spatial dimension becomes 1. */
  public static List<Optional<TensorType>> globalPool(ShapeContext context) {
    return ShapeContext.resultOf(
        context.dataType(0), context.dimensions(0).map(WindowShapes::global));
  }

  private static List<Dimension> global(List<Dimension> input) {
    if (input.size() < 2) {
      throw new ShapeMismatchException("a global pooling of " + input);
    }
    List<Dimension> result = new ArrayList<>(input);
    for (int i = 2; i < result.size(); i++) {
      result.set(i, Dimension.of(1));
    }
    return result;
  }
}
