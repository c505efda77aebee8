package dev.octet.kernels.normalize;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ElementwiseShapes;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.List;
import java.util.Optional;

/** Normalisations of the elements along one axis: LpNormalization, Hardmax, LRN. */
final class AxisNormalization {

  /** Before this operator set, all dimensions from the axis of a Hardmax on are one. */
  private static final int HARDMAX_OF_ONE_AXIS = 13;

  private AxisNormalization() {}

  /** A line of elements: its beginning, the distance of neighbours, and their number. */
  private record Lines(int outer, int size, int inner) {

    static Lines of(ArrayType x, int axis) {
      return new Lines(x.product(0, axis), x.size(axis), x.product(axis + 1, x.rank()));
    }

    int count() {
      return outer * inner;
    }

    int begin(int line) {
      return line / inner * size * inner + line % inner;
    }
  }

  /** The shape of the input, whose axis there is. */
  static List<Optional<TensorType>> lpShape(ShapeContext context) {
    long p = context.node().intAttribute("p", 2);
    if (p != 1 && p != 2) {
      throw new ShapeMismatchException("p is " + p + ", neither 1 nor 2");
    }
    context
        .dimensions(0)
        .ifPresent(d -> Dimensions.axis(context.node().intAttribute("axis", -1), d.size()));
    return ElementwiseShapes.sameAsFirst(context);
  }

  /** LpNormalization: {@code x / (sum |x|^p)^(1/p)} along the axis; 0 where that norm is 0. */
  static RealKernel.Body lp(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    int axis = Dimensions.axis(preparation.node().intAttribute("axis", -1), x.rank());
    boolean squares = preparation.node().intAttribute("p", 2) == 2;
    Lines lines = Lines.of(x, axis);
    return (operands, results, workers) -> {
      double[] values = operands.reals(0);
      for (int line = 0; line < lines.count(); line++) {
        double norm = norm(values, lines, line, squares);
        for (int i = 0; i < lines.size(); i++) {
          int at = lines.begin(line) + i * lines.inner();
          results[0][at] = norm == 0 ? 0 : values[at] / norm;
        }
      }
    };
  }

  private static double norm(double[] x, Lines lines, int line, boolean squares) {
    double sum = 0;
    for (int i = 0; i < lines.size(); i++) {
      double value = x[lines.begin(line) + i * lines.inner()];
      sum += squares ? value * value : Math.abs(value);
    }
    return squares ? Math.sqrt(sum) : sum;
  }

  /** The shape of the input, whose axis there is. */
  static List<Optional<TensorType>> hardmaxShape(ShapeContext context) {
    context
        .dimensions(0)
        .filter(d -> !d.isEmpty())
        .ifPresent(d -> Dimensions.axis(hardmaxAxis(context.node(), context.opset()), d.size()));
    return ElementwiseShapes.sameAsFirst(context);
  }

  private static long hardmaxAxis(Node node, long opset) {
    return node.intAttribute("axis", opset < HARDMAX_OF_ONE_AXIS ? 1 : -1);
  }

  /** Hardmax: 1 in the place of the first largest element along the axis, 0 elsewhere. */
  static RealKernel.Body hardmax(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    Lines lines =
        hardmaxLines(x, hardmaxAxis(preparation.node(), preparation.opset()), preparation);
    return (operands, results, workers) -> {
      double[] values = operands.reals(0);
      for (int line = 0; line < (lines.size() == 0 ? 0 : lines.count()); line++) {
        int best = lines.begin(line);
        for (int i = 1; i < lines.size(); i++) {
          int at = lines.begin(line) + i * lines.inner();
          best = values[at] > values[best] ? at : best;
        }
        results[0][best] = 1;
      }
    };
  }

  private static Lines hardmaxLines(ArrayType x, long stated, Preparation preparation) {
    if (x.rank() == 0) {
      return new Lines(1, 1, 1);
    }
    int axis = Dimensions.axis(stated, x.rank());
    return preparation.opset() < HARDMAX_OF_ONE_AXIS
        ? new Lines(x.product(0, axis), x.product(axis, x.rank()), 1)
        : Lines.of(x, axis);
  }

  /** The shape of the input, which has channels. */
  static List<Optional<TensorType>> lrnShape(ShapeContext context) {
    context.requireRank(0, 2, Integer.MAX_VALUE);
    if (context.node().intAttribute("size", 0) < 1) {
      throw new ShapeMismatchException("size is not positive");
    }
    return ElementwiseShapes.sameAsFirst(context);
  }

  /**
   * LRN of {@code [N, C, ...]}: {@code x / (bias + alpha / size * sum(x * x))^beta}, the sum over
   * the channels from {@code c - floor((size - 1) / 2)} to {@code c + ceil((size - 1) / 2)}.
   */
  static RealKernel.Body lrn(Preparation preparation) {
    Lines lines = Lines.of(preparation.operand(0), 1);
    long size = preparation.node().intAttribute("size", 1);
    int before = (int) Math.min(lines.size(), (size - 1) / 2);
    int behind = (int) Math.min(lines.size(), size / 2);
    double alpha = preparation.node().floatAttribute("alpha", 1e-4f);
    double beta = preparation.node().floatAttribute("beta", 0.75f);
    double bias = preparation.node().floatAttribute("bias", 1f);
    return (operands, results, workers) -> {
      double[] x = operands.reals(0);
      for (int line = 0; line < lines.count(); line++) {
        for (int c = 0; c < lines.size(); c++) {
          double sum = squares(x, lines, line, Math.max(0, c - before), c + behind);
          int at = lines.begin(line) + c * lines.inner();
          results[0][at] = x[at] / StrictMath.pow(bias + alpha / size * sum, beta);
        }
      }
    };
  }

  private static double squares(double[] x, Lines lines, int line, int first, int last) {
    double sum = 0;
    for (int c = first; c <= Math.min(last, lines.size() - 1); c++) {
      double value = x[lines.begin(line) + c * lines.inner()];
      sum += value * value;
    }
    return sum;
  }
}
