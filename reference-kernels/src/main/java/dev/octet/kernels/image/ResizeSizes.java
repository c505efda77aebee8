package dev.octet.kernels.image;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a Resize or Upsample is told about sizes: scales or sizes, for some axes or all. Immutable
 * and thread-safe.
 */
final class ResizeSizes {

  private final int[] axes;
  private final Optional<double[]> scales;
  private final Optional<long[]> sizes;
  private final String policy;

  private ResizeSizes(
      int[] axes, Optional<double[]> scales, Optional<long[]> sizes, String policy) {
    this.axes = axes;
    this.scales = scales;
    this.sizes = sizes;
    this.policy = policy;
    for (double scale : scales.orElse(new double[0])) {
      require(scale > 0 && scale < Integer.MAX_VALUE, "a scale of " + scale);
    }
    for (long size : sizes.orElse(new long[0])) {
      require(size >= 0, "a size of " + size);
    }
    int stated = scales.map(s -> s.length).orElseGet(() -> sizes.map(s -> s.length).orElse(-1));
    require(stated == axes.length, stated + " scales or sizes for " + axes.length + " axes");
  }

  private static void require(boolean fits, String fact) {
    if (!fits) {
      throw new ShapeMismatchException(fact);
    }
  }

  /** Returns what a node says; empty where an operand that says it is not known. */
  static Optional<ResizeSizes> of(ShapeContext context, int rank) {
    Node node = context.node();
    int scales = scalesOperand(node, context.opset());
    int sizes = scales + 1;
    boolean unknownScales = context.has(scales) && context.constant(scales).isEmpty();
    boolean unknownSizes = context.has(sizes) && context.constant(sizes).isEmpty();
    if (unknownScales || unknownSizes) {
      return Optional.empty();
    }
    return Optional.of(
        of(
            node,
            rank,
            context
                .constant(scales)
                .filter(t -> t.dataType() == DataType.FLOAT)
                .map(Tensor::floats),
            context.integers(sizes)));
  }

  /** Returns the index of the operand that holds the scales; sizes stand behind it. */
  static int scalesOperand(Node node, long opset) {
    return node.op().name().equals("Resize") && opset >= ResizeRule.WITH_COORDINATES ? 2 : 1;
  }

  /** Returns what a node says, given the contents of its operands; an empty list says nothing. */
  static ResizeSizes of(Node node, int rank, Optional<float[]> scales, Optional<long[]> sizes) {
    Optional<List<Long>> stated = node.intsAttribute("axes");
    int[] axes =
        Dimensions.axes(
            stated.isPresent()
                ? stated.get().stream().mapToLong(Long::longValue).toArray()
                : first(rank),
            rank);
    require(Arrays.stream(axes).distinct().count() == axes.length, "an axis stands twice");
    Optional<long[]> wanted = sizes.filter(s -> s.length > 0);
    require(
        wanted.isEmpty() || scales.filter(s -> s.length > 0).isEmpty(), "scales and sizes at once");
    return new ResizeSizes(
        axes,
        wanted.isPresent() ? Optional.empty() : scales(node, scales),
        wanted,
        node.stringAttribute("keep_aspect_ratio_policy", "stretch"));
  }

  private static long[] first(int rank) {
    long[] all = new long[rank];
    Arrays.setAll(all, i -> i);
    return all;
  }

  private static Optional<double[]> scales(Node node, Optional<float[]> operand) {
    if (operand.isPresent()) {
      double[] values = new double[operand.get().length];
      Arrays.setAll(values, i -> operand.get()[i]);
      return Optional.of(values);
    }
    return node.floatsAttribute("scales")
        .map(list -> list.stream().mapToDouble(Float::doubleValue).toArray());
  }

  /** Returns the sizes of the result. */
  List<Dimension> result(List<Dimension> input) {
    List<Dimension> result = new ArrayList<>(input);
    Optional<long[]> known = Dimensions.sizes(input);
    for (int i = 0; i < axes.length; i++) {
      Dimension in = input.get(axes[i]);
      int index = i;
      if (scales.isPresent()) {
        double scale = scales.get()[i];
        result.set(axes[i], scale == 1 ? in : Dimensions.map(in, n -> scaled(n, scale)));
      } else if (policy.equals("stretch")) {
        result.set(axes[i], Dimension.of(sizes.orElseThrow()[i]));
      } else {
        result.set(
            axes[i],
            known
                .map(all -> Dimension.of((long) (commonScale(all) * all[axes[index]] + 0.5)))
                .orElse(Dimensions.unknown()));
      }
    }
    return result;
  }

  private static long scaled(long size, double scale) {
    return (long) Math.floor(size * scale);
  }

  /** Returns the scale of each dimension of an input. */
  double[] scales(long[] input) {
    double[] all = new double[input.length];
    Arrays.fill(all, 1);
    for (int i = 0; i < axes.length; i++) {
      all[axes[i]] =
          scales.isPresent()
              ? scales.get()[i]
              : policy.equals("stretch")
                  ? quotient(sizes.orElseThrow()[i], input[axes[i]])
                  : commonScale(input);
    }
    return all;
  }

  /** Returns the places of an axis' begin and end among the numbers of a region; -1 for none. */
  int regionIndex(int axis) {
    for (int i = 0; i < axes.length; i++) {
      if (axes[i] == axis) {
        return i;
      }
    }
    return -1;
  }

  /** Returns how many axes are resized. */
  int count() {
    return axes.length;
  }

  private double commonScale(long[] input) {
    boolean larger = policy.equals("not_smaller");
    require(larger || policy.equals("not_larger"), "'" + policy + "' is no policy of a Resize");
    double scale = larger ? 0 : Double.POSITIVE_INFINITY;
    for (int i = 0; i < axes.length; i++) {
      double own = quotient(sizes.orElseThrow()[i], input[axes[i]]);
      scale = larger ? Math.max(scale, own) : Math.min(scale, own);
    }
    return scale;
  }

  private static double quotient(long out, long in) {
    require(in > 0 || out == 0, "an axis of size 0 is resized to " + out);
    return in == 0 ? 1 : (double) out / in;
  }
}
