package dev.octet.kernels.integer;

import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.index.WindowAxis;
import dev.octet.kernels.index.WindowGeometry;
import dev.octet.kernels.primitive.MatrixGeometry;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.shape.TransposedWindow;
import java.util.Arrays;

/**
 * The sizes of a transposed convolution: input {@code [N, C, in...]}, weights {@code [C, M / group,
 * kernel...]}, result {@code [N, M, out...]}.
 *
 * @param window the kernel, which slides over the output
 * @param images N
 * @param channels C
 * @param results M
 * @param groups the number of groups
 */
record TransposedGeometry(
    WindowGeometry window, int images, int channels, int results, int groups) {

  /** Where a tap meets nothing of the output. */
  static final int OUTSIDE = -1;

  /**
   * Returns the sizes of a node.
   *
   * @throws UnsupportedNodeException if it has more than three spatial axes
   */
  static TransposedGeometry of(Preparation preparation, int x, int w) {
    ArrayType input = preparation.operand(x);
    ArrayType weights = preparation.operand(w);
    ArrayType result = preparation.result(0);
    int rank = input.rank() - 2;
    if (rank > WindowGeometry.MOST_AXES) {
      throw new UnsupportedNodeException("one over " + rank + " spatial axes is not supported");
    }
    long[] kernel = new long[rank];
    Arrays.setAll(kernel, i -> weights.size(i + 2));
    TransposedWindow window = TransposedWindow.of(preparation.node(), kernel);
    return new TransposedGeometry(
        WindowGeometry.of(window, input.sizes(), result.sizes()),
        input.size(0),
        input.size(1),
        result.size(1),
        Math.toIntExact(preparation.node().intAttribute("group", 1)));
  }

  /**
   * Returns the weights as right matrices, one for each group: {@code [C / group, M / group *
   * kernel]}, as they are stored.
   *
   * @throws UnsupportedNodeException if they are no weights of so many groups
   */
  static MatrixGeometry.Right matrices(ArrayType weights, long groups) {
    if (weights.rank() < 3 || groups < 1 || weights.size(0) % groups != 0) {
      throw new ShapeMismatchException("weights " + weights + " in " + groups + " groups");
    }
    int count = Math.toIntExact(groups);
    return new MatrixGeometry.Right(
        count, weights.size(0) / count, weights.product(1, weights.rank()), false);
  }

  /** Returns the input channels of a group. */
  int depth() {
    return channels / groups;
  }

  /** Returns the output channels of a group. */
  int perGroup() {
    return results / groups;
  }

  /** Returns the elements of the kernel. */
  int taps() {
    return window.kernel();
  }

  /** Returns the input positions of a channel. */
  int positions() {
    return window.outputs();
  }

  /** Returns the elements of a channel of the result. */
  int plane() {
    return window.inputs();
  }

  /**
   * Returns where the taps of neighbouring input positions meet a channel of the result, or {@link
   * #OUTSIDE}: the taps of one position beside each other.
   */
  int[] places(int from, int count) {
    int[] places = new int[Math.multiplyExact(count, taps())];
    for (int i = 0; i < places.length; i++) {
      places[i] = place(from + i / taps(), i % taps());
    }
    return places;
  }

  private int place(int position, int tap) {
    WindowAxis depth = window.depth();
    WindowAxis height = window.height();
    WindowAxis width = window.width();
    int column = width.input(position % width.out(), tap % width.kernel());
    int rest = position / width.out();
    int taps = tap / width.kernel();
    int row = height.input(rest % height.out(), taps % height.kernel());
    int slice = depth.input(rest / height.out(), taps / height.kernel());
    boolean inside = isInside(depth, slice) && isInside(height, row) && isInside(width, column);
    return inside ? (slice * height.in() + row) * width.in() + column : OUTSIDE;
  }

  private static boolean isInside(WindowAxis axis, int at) {
    return at >= 0 && at < axis.in();
  }
}
