package dev.octet.kernels.elementwise;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayKind;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.KernelDataException;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.definition.FloatNode;
import dev.octet.kernels.definition.MovedIntegers;
import dev.octet.kernels.definition.StaysFloatException;
import dev.octet.kernels.index.WindowAxis;
import dev.octet.kernels.index.WindowGeometry;
import dev.octet.kernels.shape.Window;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/**
 * MaxPool of any number type, with the indices of the maxima where they are asked for: indices into
 * the whole operand, counted row by row, or column by column with storage_order 1. Padding takes no
 * part. The first maximum in row-major order counts; a NaN counts as the largest value.
 */
final class MaxPool implements Kernel {

  /** Window elements that are worth the cost of another thread. */
  private static final int GRAIN = 1 << 13;

  private final DataType type;
  private final ArrayKind kind;
  private final WindowGeometry geometry;
  private final int planes;
  private final boolean columnMajor;

  private MaxPool(ArrayType x, WindowGeometry geometry, boolean columnMajor) {
    this.type = x.dataType();
    this.kind = x.kind();
    this.geometry = geometry;
    this.planes = x.product(0, 2);
    this.columnMajor = columnMajor;
  }

  static Kernel prepare(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    if (x.rank() > 2 + WindowGeometry.MOST_AXES) {
      throw new UnsupportedNodeException(
          "a pooling over " + (x.rank() - 2) + " axes is not supported");
    }
    Window window = Window.ofKernelShape(preparation.node());
    if (window.isColumnMajor() && x.rank() != 4) {
      throw new UnsupportedNodeException("storage_order 1 is supported for images only");
    }
    WindowGeometry geometry = WindowGeometry.of(window, x.sizes(), preparation.result(0).sizes());
    return new MaxPool(x, geometry, window.isColumnMajor());
  }

  /** Indices of maxima of integers are not those of the floats, of which several may share one. */
  static void requireNoIndices(FloatNode pool, MovedIntegers integers) {
    if (pool.node().results().size() > 1 && !pool.node().results().get(1).isEmpty()) {
      throw new StaysFloatException("its indices are read");
    }
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    Object x = ElementwiseOperators.present(operands[0]);
    Object values = results[0];
    long[] indices = results.length > 1 ? (long[]) results[1] : null;
    int grain = Math.max(1, GRAIN / Math.max(1, geometry.outputs() * geometry.kernel()));
    workers.forRange(
        planes,
        grain,
        (from, to) -> {
          for (int plane = from; plane < to; plane++) {
            plane(x, plane, values, indices);
          }
        });
  }

  private void plane(Object x, int plane, @Nullable Object values, long @Nullable [] indices) {
    int at = plane * geometry.outputs();
    for (int od = 0; od < geometry.depth().out(); od++) {
      for (int oh = 0; oh < geometry.height().out(); oh++) {
        for (int ow = 0; ow < geometry.width().out(); ow++) {
          int best = best(x, plane * geometry.inputs(), od, oh, ow);
          if (best < 0) {
            throw new KernelDataException("a window holds no element of the input");
          }
          if (values != null) {
            Elements.copy(kind, x, best, values, at);
          }
          if (indices != null) {
            indices[at] = index(best);
          }
          at++;
        }
      }
    }
  }

  private int best(Object x, int base, int od, int oh, int ow) {
    WindowAxis depth = geometry.depth();
    WindowAxis height = geometry.height();
    WindowAxis width = geometry.width();
    int best = -1;
    for (int kd = depth.firstKernel(od); kd < depth.endKernel(od); kd++) {
      for (int kh = height.firstKernel(oh); kh < height.endKernel(oh); kh++) {
        int line = depth.input(od, kd) * height.in() + height.input(oh, kh);
        for (int kw = width.firstKernel(ow); kw < width.endKernel(ow); kw++) {
          int at = base + line * width.in() + width.input(ow, kw);
          best = best < 0 || isLarger(x, at, best) ? at : best;
        }
      }
    }
    return best;
  }

  private boolean isLarger(Object x, int a, int b) {
    if (type == DataType.INT8) {
      return ((byte[]) x)[a] > ((byte[]) x)[b];
    }
    if (Elements.isReal(type)) {
      double first = Elements.real(type, x, a);
      double second = Elements.real(type, x, b);
      return first > second || (Double.isNaN(first) && !Double.isNaN(second));
    }
    return Arithmetic.compare(type, Elements.integer(type, x, a), Elements.integer(type, x, b)) > 0;
  }

  private long index(int position) {
    if (!columnMajor) {
      return position;
    }
    int plane = position / geometry.inputs();
    int within = position % geometry.inputs();
    int height = geometry.height().in();
    int width = geometry.width().in();
    return (long) plane * geometry.inputs() + (long) (within % width) * height + within / width;
  }
}
