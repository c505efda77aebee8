package dev.octet.kernels.image;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.real.RealOperands;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.shape.Window;
import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Col2Im: columns {@code [N, C * block, places]}, of which each is a window of an image, added up
 * where the windows lie: {@code [N, C, image...]}. In double, window element by window element;
 * rounded once.
 */
final class Col2Im implements RealKernel.Body {

  private final int images;
  private final int[] image;
  private final int[] block;
  private final int[] places;
  private final Window window;

  private Col2Im(Preparation preparation) {
    ArrayType y = preparation.result(0);
    this.images = y.size(0) * y.size(1);
    this.image = Arrays.copyOfRange(y.sizes(), 2, y.rank());
    this.block = narrow(preparation.integers(2).orElseThrow(Col2Im::unknown));
    this.window = Window.of(preparation.node(), block);
    this.places = places(window, image);
  }

  private static UnsupportedNodeException unknown() {
    return new UnsupportedNodeException("its block_shape is not known");
  }

  private static int[] narrow(long[] wide) {
    return Arrays.stream(wide).mapToInt(Math::toIntExact).toArray();
  }

  private static int[] places(Window window, int[] image) {
    int[] places = new int[image.length];
    Arrays.setAll(places, i -> Math.toIntExact(window.output(i, image[i])));
    return places;
  }

  static RealKernel.Body prepare(Preparation preparation) {
    return new Col2Im(preparation);
  }

  static List<Optional<TensorType>> shape(ShapeContext context) {
    context.requireRank(0, 3, 3);
    Optional<List<Dimension>> x = context.dimensions(0);
    Optional<long[]> image = context.integers(1);
    Optional<long[]> block = context.integers(2);
    if (x.isEmpty() || image.isEmpty() || block.isEmpty()) {
      return ShapeContext.result(context.dataType(0), Optional.empty());
    }
    requireFit(context.node(), x.get(), image.get(), block.get());
    List<Dimension> result = new ArrayList<>();
    result.add(x.get().get(0));
    long elements = Shape.count(block.get());
    result.add(Dimensions.map(x.get().get(1), n -> n / elements));
    for (long size : image.get()) {
      result.add(Dimension.of(size));
    }
    return ShapeContext.resultOf(context.dataType(0), Optional.of(result));
  }

  private static void requireFit(Node node, List<Dimension> x, long[] image, long[] block) {
    if (image.length != block.length
        || image.length == 0
        || Arrays.stream(image).min().getAsLong() < 0) {
      throw new ShapeMismatchException(
          "blocks of " + Arrays.toString(block) + " in an image of " + Arrays.toString(image));
    }
    int[] places = places(Window.of(node, narrow(block)), narrow(image));
    Dimensions.same(
        x.get(2), Dimension.of(Shape.count(Arrays.stream(places).asLongStream().toArray())));
    if (Dimensions.size(x.get(1)).orElse(0) % Shape.count(block) != 0) {
      throw new ShapeMismatchException(x.get(1) + " rows for blocks of " + Shape.count(block));
    }
  }

  @Override
  public void run(RealOperands operands, double[][] results, Workers workers) {
    double[] columns = operands.reals(0);
    int elements = Arrays.stream(block).reduce(1, (a, b) -> a * b);
    int windows = Arrays.stream(places).reduce(1, (a, b) -> a * b);
    int pixels = Arrays.stream(image).reduce(1, (a, b) -> a * b);
    for (int row = 0; row < images * elements; row++) {
      for (int place = 0; place < windows; place++) {
        int at = pixel(row % elements, place);
        if (at >= 0) {
          results[0][row / elements * pixels + at] += columns[row * windows + place];
        }
      }
    }
  }

  /** The pixel that a window element meets; -1 in the padding. */
  private int pixel(int element, int place) {
    int k = element;
    int o = place;
    int stride = 1;
    int at = 0;
    for (int axis = image.length - 1; axis >= 0; axis--) {
      int i =
          o % places[axis] * window.stride(axis)
              + k % block[axis] * window.dilation(axis)
              - window.padBegin(axis, image[axis]);
      if (i < 0 || i >= image[axis]) {
        return -1;
      }
      at += i * stride;
      stride *= image[axis];
      k /= block[axis];
      o /= places[axis];
    }
    return at;
  }
}
