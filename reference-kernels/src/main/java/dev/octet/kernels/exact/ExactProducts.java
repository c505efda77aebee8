package dev.octet.kernels.exact;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.dialect.SumRule;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** Convolutions and matrix products. */
public final class ExactProducts {

  private static final ResultParameters FLOAT = new ResultParameters(BigDecimal.ONE, 0);

  private ExactProducts() {}

  /**
   * QLinearConv: {@code (bias + sum (x - z_x)(w - z_w)) * s_x * s_w / s_y}; the sum under the
   * {@link SumRule} of the node.
   */
  public static IntFunction<ExactElement> conv(
      ExactOperands operands,
      QuantizedOperand x,
      QuantizedOperand w,
      Optional<Tensor> addend,
      ResultParameters y) {
    Optional<long[]> bias = addend.map(Tensor::integers);
    Windows windows = Windows.ofConvolution(operands.node(), x, w, operands.sizes());
    Consumer<ExactSum> kept = kept(operands, addend, x, w);
    return index -> {
      int channel = index / windows.positions() % w.size(0);
      ExactSum sum = convolved(operands.node(), x, w, windows, index);
      bias.ifPresent(b -> sum.add(b[channel]));
      kept.accept(sum);
      return sum.times(x.scale(0).multiply(w.scale(channel)), y);
    };
  }

  /** What becomes of a sum when its last term is added. */
  private static Consumer<ExactSum> kept(
      ExactOperands operands,
      Optional<Tensor> addend,
      QuantizedOperand left,
      QuantizedOperand right) {
    boolean wide =
        Stream.of(left.type(), right.type(), operands.dataType())
                .anyMatch(type -> type.isInteger() && type.bits() > Byte.SIZE)
            || addend.filter(tensor -> tensor.dataType() == DataType.INT64).isPresent();
    return wide || SumRule.of(operands.node()) == SumRule.EXACT ? sum -> {} : ExactSum::wrap;
  }

  /**
   * dev.octet QLinearConvTranspose: {@code (bias[m] + sum (x - z_x)(w - z_w[n])) * s_x * s_w[n] /
   * s_y} over what meets at an output position, with n the channel m among those of its group.
   */
  public static IntFunction<ExactElement> convTranspose(
      ExactOperands operands,
      QuantizedOperand x,
      QuantizedOperand w,
      Optional<Tensor> addend,
      ResultParameters y) {
    Optional<long[]> bias = addend.map(Tensor::integers);
    TransposedWindows windows = TransposedWindows.of(operands.node(), x, w, operands.sizes());
    int results = operands.sizes()[1];
    return index -> {
      int channel = index / windows.positions() % results;
      ExactSum sum = transposed(x, w, windows, index, results);
      bias.ifPresent(b -> sum.add(b[channel]));
      return sum.times(x.scale(0).multiply(w.scale(channel % w.size(1))), y);
    };
  }

  private static ExactSum transposed(
      QuantizedOperand x, QuantizedOperand w, TransposedWindows windows, int index, int results) {
    int channel = index / windows.positions() % results;
    int image = index / windows.positions() / results;
    int inputs = w.size(0) * w.size(1) / results;
    int first = channel / w.size(1) * inputs;
    int within = channel % w.size(1);
    ExactSum sum = new ExactSum();
    for (int c = first; c < first + inputs; c++) {
      for (int tap = 0; tap < windows.taps(); tap++) {
        int offset = windows.offset(index % windows.positions(), tap);
        if (offset >= 0) {
          int input = (image * x.size(1) + c) * windows.inputs() + offset;
          int weight = (c * w.size(1) + within) * windows.taps() + tap;
          sum.add(x.difference(input, 0), w.difference(weight, within));
        }
      }
    }
    return sum;
  }

  /** ConvInteger: {@code sum (x - z_x)(w - z_w)}. */
  public static IntFunction<ExactElement> convInteger(
      ExactOperands operands, QuantizedOperand x, QuantizedOperand w) {
    Windows windows = Windows.ofConvolution(operands.node(), x, w, operands.sizes());
    return index -> convolved(operands.node(), x, w, windows, index).int32();
  }

  private static ExactSum convolved(
      Node node, QuantizedOperand x, QuantizedOperand w, Windows windows, int index) {
    int groups = (int) node.intAttribute("group", 1);
    int positions = windows.positions();
    int channel = index / positions % w.size(0);
    int image = index / positions / w.size(0);
    int first = channel / (w.size(0) / groups) * w.size(1);
    ExactSum sum = new ExactSum();
    for (int c = 0; c < w.size(1); c++) {
      int plane = image * x.size(1) + first + c;
      for (int tap = 0; tap < windows.taps(); tap++) {
        int offset = windows.offset(index % positions, tap);
        int weight = (channel * w.size(1) + c) * windows.taps() + tap;
        long inside = offset < 0 ? 0 : x.difference(plane * windows.inputs() + offset, 0);
        sum.add(inside, w.difference(weight, channel));
      }
    }
    return sum;
  }

  /** QLinearMatMul; the sum under the {@link SumRule} of the node. */
  public static IntFunction<ExactElement> matMul(
      ExactOperands operands, QuantizedOperand a, QuantizedOperand b, ResultParameters y) {
    int columns = b.rank() == 1 ? 1 : b.size(b.rank() - 1);
    IntFunction<ExactSum> sums = multiplied(a, b, operands.sizes());
    Consumer<ExactSum> kept = kept(operands, Optional.empty(), a, b);
    return index -> {
      ExactSum sum = sums.apply(index);
      kept.accept(sum);
      return sum.times(a.scale(0).multiply(b.scale(index % columns)), y);
    };
  }

  /** MatMulInteger. */
  public static IntFunction<ExactElement> matMulInteger(
      ExactOperands operands, QuantizedOperand a, QuantizedOperand b) {
    IntFunction<ExactSum> sums = multiplied(a, b, operands.sizes());
    return index -> sums.apply(index).int32();
  }

  private static IntFunction<ExactSum> multiplied(
      QuantizedOperand a, QuantizedOperand b, int[] result) {
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
      ExactSum sum = new ExactSum();
      for (int k = 0; k < depth; k++) {
        sum.add(
            a.difference(aBase + row * depth + k, row),
            b.difference(bBase + k * columns + column, column));
      }
      return sum;
    };
  }

  /** The number of an operand's matrix in a stack that it broadcasts to. */
  private static int matrix(int product, int[] stack, int[] sizes) {
    return Indices.broadcast(product, stack, Arrays.copyOf(sizes, sizes.length - 2));
  }

  /**
   * QGemm; the sum under the {@link SumRule} of the node, floats without parameters of the result.
   */
  public static IntFunction<ExactElement> gemm(
      ExactOperands operands,
      QuantizedOperand a,
      QuantizedOperand b,
      Optional<Tensor> c,
      Optional<ResultParameters> parameters) {
    Node node = operands.node();
    ResultParameters y = parameters.orElse(FLOAT);
    BigDecimal alpha = new BigDecimal(node.floatAttribute("alpha", 1f));
    boolean ta = node.intAttribute("transA", 0) != 0;
    boolean tb = node.intAttribute("transB", 0) != 0;
    int rows = operands.sizes()[0];
    int columns = operands.sizes()[1];
    int depth = a.size(ta ? 0 : 1);
    Consumer<ExactSum> kept = kept(operands, c, a, b);
    return index -> {
      int row = index / columns;
      int column = index % columns;
      ExactSum sum = new ExactSum();
      for (int k = 0; k < depth; k++) {
        sum.add(
            a.difference(ta ? k * rows + row : row * depth + k, row),
            b.difference(tb ? column * depth + k : k * columns + column, column));
      }
      c.ifPresent(t -> sum.add(addend(t, row, column)));
      kept.accept(sum);
      return sum.times(alpha.multiply(a.scale(0)).multiply(b.scale(column)), y);
    };
  }

  /**
   * dev.octet MatMulIntegerToFloat: {@code sum over g of s_a * s_b[g, n] * sum over k in g of (a -
   * z_a)(b - z_b[g, n])}, and the bias.
   *
   * @param size how many neighbouring k share a scale of b
   * @param transposed whether b is stored [N, K]
   */
  public static IntFunction<ExactElement> rows(
      QuantizedOperand a,
      QuantizedOperand b,
      Optional<float[]> bias,
      int size,
      boolean transposed) {
    int depth = a.size(a.rank() - 1);
    int columns = b.size(transposed ? 0 : 1);
    int groups = (depth + size - 1) / size;
    return index -> {
      int row = index / columns;
      int column = index % columns;
      ExactReal real = new ExactReal();
      for (int k = 0; k < depth; k++) {
        int group = k / size;
        int pair = transposed ? column * groups + group : group * columns + column;
        long left = a.difference(row * depth + k, row);
        long right = b.difference(transposed ? column * depth + k : k * columns + column, pair);
        BigDecimal scale = a.scale(row).multiply(b.scale(pair));
        real.add(BigDecimal.valueOf(Math.multiplyExact(left, right)).multiply(scale));
      }
      bias.ifPresent(numbers -> real.add(new BigDecimal(numbers[column])));
      return real.element();
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
