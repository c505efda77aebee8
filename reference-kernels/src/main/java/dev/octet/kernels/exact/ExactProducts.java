package dev.octet.kernels.exact;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;

/** Convolutions and matrix products. */
final class ExactProducts {

  private ExactProducts() {}

  /** A sum of products of integers, and of their magnitudes. */
  private static final class Sum {
    private long sum;
    private long magnitude;
    private int terms;

    void add(long product) {
      sum += product;
      magnitude += Math.abs(product);
      terms++;
    }

    ExactElement times(BigDecimal factor, BigDecimal divisor) {
      return new ExactElement(
          BigDecimal.valueOf(sum).multiply(factor).divide(divisor, ExactElement.DIGITS),
          BigDecimal.valueOf(magnitude).multiply(factor.abs()).divide(divisor, ExactElement.DIGITS),
          terms);
    }
  }

  /** QLinearConv: {@code (bias + sum (x - z_x)(w - z_w)) * s_x * s_w / s_y}. */
  static ExactRule conv(Operands operands, int[] result) {
    Quantized x = operands.quantized(0);
    Quantized w = operands.quantized(3);
    BigDecimal scale = operands.scale(6);
    Optional<long[]> bias = operands.find(8).map(Tensor::integers);
    Windows windows = Windows.of(operands.node(), x.sizes(), w.sizes(), result);
    int groups = (int) operands.node().intAttribute("group", 1);
    return index -> {
      int positions = windows.positions();
      int channel = index / positions % w.size(0);
      int image = index / positions / w.size(0);
      int first = channel / (w.size(0) / groups) * w.size(1);
      Sum sum = new Sum();
      for (int c = 0; c < w.size(1); c++) {
        int plane = image * x.size(1) + first + c;
        for (int tap = 0; tap < windows.taps(); tap++) {
          int offset = windows.offset(index % positions, tap);
          int weight = (channel * w.size(1) + c) * windows.taps() + tap;
          sum.add(
              offset < 0
                  ? 0
                  : x.difference(plane * windows.inputs() + offset, 0)
                      * w.difference(weight, channel));
        }
      }
      bias.ifPresent(b -> sum.add(b[channel]));
      return sum.times(x.scale(0).multiply(w.scale(channel)), scale);
    };
  }

  /** QLinearMatMul. */
  static ExactRule matMul(Operands operands, int[] result) {
    Quantized a = operands.quantized(0);
    Quantized b = operands.quantized(3);
    BigDecimal scale = operands.scale(6);
    int[] left = a.rank() == 1 ? new int[] {1, a.size(0)} : a.sizes();
    int[] right = b.rank() == 1 ? new int[] {b.size(0), 1} : b.sizes();
    int depth = left[left.length - 1];
    int rows = left[left.length - 2];
    int columns = right[right.length - 1];
    int dropped = (a.rank() == 1 ? 1 : 0) + (b.rank() == 1 ? 1 : 0);
    int[] stack = Arrays.copyOf(result, Math.max(0, result.length - 2 + dropped));
    return index -> {
      int column = index % columns;
      int row = index / columns % rows;
      int product = index / columns / rows;
      int aBase = matrix(product, stack, left) * rows * depth;
      int bBase = matrix(product, stack, right) * depth * columns;
      Sum sum = new Sum();
      for (int k = 0; k < depth; k++) {
        sum.add(
            a.difference(aBase + row * depth + k, row)
                * b.difference(bBase + k * columns + column, column));
      }
      return sum.times(a.scale(0).multiply(b.scale(column)), scale);
    };
  }

  /** The number of an operand's matrix in a stack that it broadcasts to. */
  private static int matrix(int product, int[] stack, int[] sizes) {
    int rest = product;
    int matrix = 0;
    int weight = 1;
    for (int axis = stack.length - 1; axis >= 0; axis--) {
      int own = axis - stack.length + sizes.length - 2;
      int size = own < 0 ? 1 : sizes[own];
      matrix += size == 1 ? 0 : rest % stack[axis] * weight;
      weight *= size;
      rest /= stack[axis];
    }
    return matrix;
  }

  /** QGemm with a scale of the result. */
  static ExactRule gemm(Operands operands, int[] result) {
    Node node = operands.node();
    Quantized a = operands.quantized(0);
    Quantized b = operands.quantized(3);
    BigDecimal scale = operands.scale(7);
    BigDecimal alpha = new BigDecimal(node.floatAttribute("alpha", 1f));
    Optional<Tensor> c = operands.find(6);
    boolean ta = node.intAttribute("transA", 0) != 0;
    boolean tb = node.intAttribute("transB", 0) != 0;
    int rows = result[0];
    int columns = result[1];
    int depth = a.size(ta ? 0 : 1);
    return index -> {
      int row = index / columns;
      int column = index % columns;
      Sum sum = new Sum();
      for (int k = 0; k < depth; k++) {
        sum.add(
            a.difference(ta ? k * rows + row : row * depth + k, row)
                * b.difference(tb ? column * depth + k : k * columns + column, column));
      }
      c.ifPresent(t -> sum.add(addend(t, row, column)));
      return sum.times(alpha.multiply(a.scale(0)).multiply(b.scale(column)), scale);
    };
  }

  private static long addend(Tensor c, int row, int column) {
    long[] sizes = c.sizes();
    long[] values = c.integers();
    int width = sizes.length == 0 ? 1 : (int) sizes[sizes.length - 1];
    int line = sizes.length == 2 && sizes[0] > 1 ? row : 0;
    return values[line * width + (width == 1 ? 0 : column)];
  }
}
