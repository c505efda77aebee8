package dev.octet.kernels.floats;

import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.index.WindowAxis;
import dev.octet.kernels.index.WindowGeometry;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.shape.WindowShapes;
import java.util.List;
import java.util.Optional;

/**
 * LpPool and GlobalLpPool: {@code (sum |x|^p)^(1/p)} over the elements of each window, in double,
 * in order of depth, row and column; rounded once. Padding takes no part.
 */
final class LpPooling {

  private LpPooling() {}

  static List<Optional<TensorType>> shape(ShapeContext context) {
    requirePositive(context);
    return WindowShapes.pool(context).subList(0, 1);
  }

  static List<Optional<TensorType>> globalShape(ShapeContext context) {
    requirePositive(context);
    return WindowShapes.globalPool(context);
  }

  private static void requirePositive(ShapeContext context) {
    long p = context.node().intAttribute("p", 2);
    if (p < 1) {
      throw new ShapeMismatchException("p is " + p);
    }
  }

  static RealKernel.Body windows(Preparation preparation) {
    WindowGeometry window = Pooling.geometry(preparation);
    int planes = Pooling.planes(preparation);
    double p = preparation.node().intAttribute("p", 2);
    return (operands, results, workers) -> {
      double[] x = powers(operands.reals(0), p);
      for (int i = 0; i < planes * window.outputs(); i++) {
        double sum = sum(x, window, i / window.outputs(), i % window.outputs());
        results[0][i] = root(sum, p);
      }
    };
  }

  static RealKernel.Body global(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    int planes = x.product(0, 2);
    int length = x.product(2, x.rank());
    double p = preparation.node().intAttribute("p", 2);
    return (operands, results, workers) -> {
      double[] values = powers(operands.reals(0), p);
      for (int plane = 0; plane < planes; plane++) {
        double sum = 0;
        for (int i = plane * length; i < (plane + 1) * length; i++) {
          sum += values[i];
        }
        results[0][plane] = root(sum, p);
      }
    };
  }

  private static double[] powers(double[] x, double p) {
    for (int i = 0; i < x.length; i++) {
      x[i] = p == 1 ? Math.abs(x[i]) : p == 2 ? x[i] * x[i] : StrictMath.pow(Math.abs(x[i]), p);
    }
    return x;
  }

  private static double root(double sum, double p) {
    return p == 1 ? sum : p == 2 ? Math.sqrt(sum) : StrictMath.pow(sum, 1 / p);
  }

  private static double sum(double[] x, WindowGeometry window, int plane, int output) {
    WindowAxis depth = window.depth();
    WindowAxis height = window.height();
    WindowAxis width = window.width();
    int ow = output % width.out();
    int oh = output / width.out() % height.out();
    int od = output / width.out() / height.out();
    double sum = 0;
    for (int d = depth.firstKernel(od); d < depth.endKernel(od); d++) {
      for (int h = height.firstKernel(oh); h < height.endKernel(oh); h++) {
        int row = depth.input(od, d) * height.in() + height.input(oh, h);
        for (int w = width.firstKernel(ow); w < width.endKernel(ow); w++) {
          sum += x[plane * window.inputs() + row * width.in() + width.input(ow, w)];
        }
      }
    }
    return sum;
  }
}
