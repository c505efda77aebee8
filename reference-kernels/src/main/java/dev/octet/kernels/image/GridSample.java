package dev.octet.kernels.image;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.real.RealOperands;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * GridSample of {@code [N, C, in...]} at the points of a grid {@code [N, out..., axes]}, whose
 * coordinates run from -1 to 1, the innermost axis first: the nearest element (ties to even), or
 * elements weighed linearly or by the cubic of a = -0.75, as the reference implementation of ONNX
 * does. In double; rounded once.
 */
final class GridSample implements RealKernel.Body {

  private static final double CUBIC_A = -0.75;

  private final ArrayType x;
  private final int axes;
  private final int points;
  private final String mode;
  private final String padding;
  private final boolean corners;

  private GridSample(Preparation preparation) {
    Node node = preparation.node();
    ArrayType grid = preparation.operand(1);
    this.x = preparation.operand(0);
    this.axes = x.rank() - 2;
    this.points = grid.product(1, grid.rank() - 1);
    this.mode = mode(node);
    this.padding = node.stringAttribute("padding_mode", "zeros");
    this.corners = node.intAttribute("align_corners", 0) != 0;
  }

  static RealKernel.Body prepare(Preparation preparation) {
    return new GridSample(preparation);
  }

  /** Operator sets before 20 call the modes bilinear and bicubic. */
  private static String mode(Node node) {
    String stated = node.stringAttribute("mode", "linear");
    return stated.equals("bilinear") ? "linear" : stated.equals("bicubic") ? "cubic" : stated;
  }

  static List<Optional<TensorType>> shape(ShapeContext context) {
    String padding = context.node().stringAttribute("padding_mode", "zeros");
    if (!List.of("linear", "cubic", "nearest").contains(mode(context.node()))
        || !List.of("zeros", "border", "reflection").contains(padding)) {
      throw new ShapeMismatchException(
          "mode '" + mode(context.node()) + "' with padding '" + padding + "' is not known");
    }
    context.requireRank(0, 3, Integer.MAX_VALUE);
    Optional<List<Dimension>> x = context.dimensions(0);
    Optional<List<Dimension>> grid = context.dimensions(1);
    if (x.isEmpty() || grid.isEmpty()) {
      return ShapeContext.result(context.dataType(0), Optional.empty());
    }
    int rank = x.get().size();
    context.requireRank(1, rank, rank);
    List<Dimension> wanted = new ArrayList<>(grid.get());
    wanted.set(0, x.get().get(0));
    wanted.set(rank - 1, Dimension.of(rank - 2));
    context.requireSizes(1, wanted.toArray(Dimension[]::new));
    List<Dimension> result = new ArrayList<>(x.get().subList(0, 2));
    result.addAll(grid.get().subList(1, rank - 1));
    return ShapeContext.resultOf(context.dataType(0), Optional.of(result));
  }

  @Override
  public void run(RealOperands operands, double[][] results, Workers workers) {
    double[] values = operands.reals(0);
    double[] grid = operands.reals(1);
    int channels = x.size(1);
    workers.forRange(
        x.size(0) * points,
        64,
        (from, to) -> {
          for (int point = from; point < to; point++) {
            Taps taps = taps(grid, point);
            for (int c = 0; c < channels; c++) {
              int image = point / points * channels + c;
              results[0][image * points + point % points] =
                  taps.sum(values, image * x.product(2, x.rank()));
            }
          }
        });
  }

  /** The elements that a point is made of: where they stand in a channel, and their weights. */
  private record Taps(List<Integer> places, List<Double> weights) {

    private Taps {
      places = List.copyOf(places);
      weights = List.copyOf(weights);
    }

    double sum(double[] values, int channel) {
      double sum = 0;
      for (int i = 0; i < places.size(); i++) {
        sum += weights.get(i) * values[channel + places.get(i)];
      }
      return sum;
    }
  }

  private Taps taps(double[] grid, int point) {
    Taps taps = new Taps(List.of(0), List.of(1.0));
    for (int axis = 0; axis < axes; axis++) {
      double position = position(grid[(point + 1) * axes - 1 - axis], x.size(axis + 2));
      taps = along(taps, position, x.size(axis + 2));
    }
    return taps;
  }

  /** Every element so far, with each neighbour along one more axis. */
  private Taps along(Taps outer, double position, int size) {
    long first = (long) Math.floor(position) - (mode.equals("cubic") ? 1 : 0);
    int count = mode.equals("nearest") ? 1 : mode.equals("linear") ? 2 : 4;
    List<Integer> places = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    for (int i = 0; i < outer.places().size(); i++) {
      for (int t = 0; t < count; t++) {
        int index = inside(first + t, size);
        if (index >= 0) {
          double weight = count == 1 ? 1 : weight(Math.abs(position - (first + t)), count);
          places.add(outer.places().get(i) * size + index);
          weights.add(outer.weights().get(i) * weight);
        }
      }
    }
    return new Taps(places, weights);
  }

  private static double weight(double distance, int count) {
    double a = CUBIC_A;
    if (count == 2) {
      return 1 - distance;
    }
    return distance <= 1
        ? ((a + 2) * distance - (a + 3)) * distance * distance + 1
        : ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a;
  }

  /** Where a coordinate lies along an axis; for the nearest element it is rounded. */
  private double position(double stated, int size) {
    double at = corners ? (stated + 1) / 2 * (size - 1) : ((stated + 1) * size - 1) / 2;
    double position = mode.equals("nearest") ? Math.rint(at) : at;
    if (position < low() || position > high(size)) {
      if (padding.equals("border")) {
        return Math.max(0, Math.min(size - 1, position));
      }
      return padding.equals("reflection") ? reflected(position, size) : position;
    }
    return position;
  }

  private double low() {
    return corners ? 0 : -0.5;
  }

  private double high(int size) {
    return corners ? size - 1 : size - 0.5;
  }

  /** A position outside the borders, thrown back from them until it lies within. */
  private double reflected(double position, int size) {
    double low = low();
    double length = high(size) - low;
    if (length <= 0) {
      return 0;
    }
    double beyond = position < low ? low - position : position - high(size);
    double times = Math.floor(beyond / length);
    double rest = beyond - times * length;
    boolean fromLow = (position < low) == (times % 2 == 0);
    return fromLow ? low + rest : high(size) - rest;
  }

  /** The index of an element; -1 for a zero outside. */
  private int inside(long index, int size) {
    if (index >= 0 && index < size) {
      return (int) index;
    }
    if (padding.equals("zeros") || size == 0) {
      return -1;
    }
    double moved = padding.equals("border") ? (double) index : reflected((double) index, size);
    return (int) Math.max(0, Math.min(size - 1, moved));
  }
}
