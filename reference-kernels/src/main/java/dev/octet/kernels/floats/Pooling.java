package dev.octet.kernels.floats;

import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.index.WindowAxis;
import dev.octet.kernels.index.WindowGeometry;
import dev.octet.kernels.shape.Window;
import dev.octet.kernels.thread.Workers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * MaxPool and AveragePool of floats over one to three spatial axes. Padding takes no part.
 *
 * <p>A maximum is NaN if an element is. A sum starts from +0.0 and adds the elements of the window
 * in order of depth, row and column, the last one fastest, each step rounded to float32; it is then
 * divided by the number of elements: those inside the input, or with count_include_pad those inside
 * the input and its stated padding.
 */
public final class Pooling implements Kernel {

  private final WindowGeometry geometry;
  private final int planes;
  private final boolean maximum;
  private final boolean countPadding;

  private Pooling(WindowGeometry geometry, int planes, boolean maximum, boolean countPadding) {
    this.geometry = geometry;
    this.planes = planes;
    this.maximum = maximum;
    this.countPadding = countPadding;
  }

  /** Prepares a MaxPool with one result. */
  public static Kernel maximum(Preparation preparation) {
    return new Pooling(geometry(preparation), planes(preparation), true, false);
  }

  static Kernel average(Preparation preparation) {
    boolean countPadding = preparation.node().intAttribute("count_include_pad", 0) != 0;
    return new Pooling(geometry(preparation), planes(preparation), false, countPadding);
  }

  /** Returns the geometry of a pooling node. */
  static WindowGeometry geometry(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    if (x.rank() > 2 + WindowGeometry.MOST_AXES) {
      throw new UnsupportedNodeException(
          "a pooling over " + (x.rank() - 2) + " axes is not supported");
    }
    Window window = Window.ofKernelShape(preparation.node());
    return WindowGeometry.of(window, x.sizes(), preparation.result(0).sizes());
  }

  /** Returns the number of channels of all images. */
  static int planes(Preparation preparation) {
    return preparation.operand(0).product(0, 2);
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    float[] x = (float[]) operands[0];
    float[] y = (float[]) results[0];
    int lines = geometry.depth().out() * geometry.height().out();
    int work = Math.max(1, geometry.width().out() * geometry.kernel());
    workers.forRange(
        planes * lines,
        Math.max(1, FloatUnary.GRAIN / work),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            line(x, y, i / lines, i % lines);
          }
        });
  }

  /** One line of output positions of one plane. */
  private void line(float[] x, float[] y, int plane, int line) {
    WindowAxis width = geometry.width();
    int od = line / geometry.height().out();
    int oh = line % geometry.height().out();
    int at = (plane * geometry.depth().out() * geometry.height().out() + line) * width.out();
    Arrays.fill(y, at, at + width.out(), maximum ? Float.NEGATIVE_INFINITY : 0f);
    for (int kd = geometry.depth().firstKernel(od); kd < geometry.depth().endKernel(od); kd++) {
      for (int kh = geometry.height().firstKernel(oh); kh < geometry.height().endKernel(oh); kh++) {
        int id = geometry.depth().input(od, kd);
        int ih = geometry.height().input(oh, kh);
        int base = plane * geometry.inputs() + (id * geometry.height().in() + ih) * width.in();
        for (int kw = 0; kw < width.kernel(); kw++) {
          combine(x, base + width.input(0, kw), y, at, width.first(kw), width.end(kw));
        }
      }
    }
    if (!maximum) {
      divide(y, at, od, oh);
    }
  }

  private void combine(float[] x, int base, float[] y, int at, int from, int to) {
    int stride = geometry.width().stride();
    if (maximum) {
      for (int o = from; o < to; o++) {
        y[at + o] = Math.max(y[at + o], x[base + o * stride]);
      }
    } else {
      for (int o = from; o < to; o++) {
        y[at + o] += x[base + o * stride];
      }
    }
  }

  private void divide(float[] y, int at, int od, int oh) {
    int outer = counted(geometry.depth(), od) * counted(geometry.height(), oh);
    for (int ow = 0; ow < geometry.width().out(); ow++) {
      y[at + ow] /= outer * counted(geometry.width(), ow);
    }
  }

  /** Window elements along one axis that the divisor counts. */
  private int counted(WindowAxis axis, int o) {
    if (!countPadding) {
      return axis.endKernel(o) - axis.firstKernel(o);
    }
    int counted = 0;
    for (int k = 0; k < axis.kernel(); k++) {
      int input = axis.input(o, k);
      counted += input >= -axis.pad() && input < axis.in() + axis.padEnd() ? 1 : 0;
    }
    return counted;
  }
}
