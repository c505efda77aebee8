package dev.octet.kernels.image;

import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.index.WindowAxis;
import dev.octet.kernels.index.WindowGeometry;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.real.RealOperands;
import dev.octet.kernels.shape.TransposedWindow;
import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/**
 * ConvTranspose over one to three spatial axes: input {@code [N, C, in...]}, weights {@code [C, M /
 * group, kernel...]}, result {@code [N, M, out...]}. Input position i and kernel position k meet at
 * output position {@code i * stride + k * dilation - pad}.
 *
 * <p>Each result starts from the bias and adds products of input and weight in the order of input
 * channel and kernel position, in double; it is rounded once.
 */
final class ConvTranspose implements RealKernel.Body {

  /** The geometry of a window that slides over the output. */
  private final WindowGeometry window;

  private final int images;
  private final int channels;
  private final int results;
  private final int groups;

  private ConvTranspose(WindowGeometry window, int images, int channels, int results, int groups) {
    this.window = window;
    this.images = images;
    this.channels = channels;
    this.results = results;
    this.groups = groups;
  }

  static RealKernel.Body prepare(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    ArrayType w = preparation.operand(1);
    ArrayType y = preparation.result(0);
    int rank = x.rank() - 2;
    if (rank > WindowGeometry.MOST_AXES) {
      throw new UnsupportedNodeException("a ConvTranspose over " + rank + " axes is not supported");
    }
    long[] kernel = new long[rank];
    Arrays.setAll(kernel, i -> w.size(i + 2));
    TransposedWindow window = TransposedWindow.of(preparation.node(), kernel);
    return new ConvTranspose(
        WindowGeometry.of(window, x.sizes(), y.sizes()),
        x.size(0),
        x.size(1),
        y.size(1),
        Math.toIntExact(preparation.node().intAttribute("group", 1)));
  }

  @Override
  public void run(RealOperands operands, double[][] all, Workers workers) {
    double[] x = operands.reals(0);
    double[] w = operands.reals(1);
    double[] bias = operands.reals(2, results, 0);
    double[] y = all[0];
    workers.forRange(
        images * results,
        1,
        (from, to) -> {
          for (int plane = from; plane < to; plane++) {
            int begin = plane * window.inputs();
            Arrays.fill(y, begin, begin + window.inputs(), bias[plane % results]);
            plane(x, w, y, plane);
          }
        });
  }

  /** One channel of one image of the result. */
  private void plane(double[] x, double[] w, double[] y, int plane) {
    int image = plane / results;
    int m = plane % results;
    int perGroup = results / groups;
    int inputs = channels / groups;
    int first = m / perGroup * inputs;
    for (int c = first; c < first + inputs; c++) {
      int weights = (c * perGroup + m % perGroup) * window.kernel();
      for (int k = 0; k < window.kernel(); k++) {
        int from = (image * channels + c) * window.outputs();
        scatter(x, from, w[weights + k], k, y, plane * window.inputs());
      }
    }
  }

  /** Adds one channel of the input times a weight to where they meet. */
  private void scatter(double[] x, int from, double weight, int k, double[] y, int to) {
    WindowAxis depth = window.depth();
    WindowAxis height = window.height();
    WindowAxis width = window.width();
    int kw = k % width.kernel();
    int kh = k / width.kernel() % height.kernel();
    int kd = k / width.kernel() / height.kernel();
    for (int d = depth.first(kd); d < depth.end(kd); d++) {
      for (int h = height.first(kh); h < height.end(kh); h++) {
        int row = from + (d * height.out() + h) * width.out();
        int line = to + (depth.input(d, kd) * height.in() + height.input(h, kh)) * width.in();
        int at = line + width.input(0, kw);
        for (int i = width.first(kw); i < width.end(kw); i++) {
          y[at + i * width.stride()] += x[row + i] * weight;
        }
      }
    }
  }
}
