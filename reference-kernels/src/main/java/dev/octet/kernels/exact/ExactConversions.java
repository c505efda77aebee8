package dev.octet.kernels.exact;

import dev.octet.api.graph.Tensor;
import dev.octet.kernels.dialect.QuantizedSlot;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/** The ways between floats and integers. */
public final class ExactConversions {

  /** Beyond every integer: what an infinity becomes before it is clamped. */
  private static final BigDecimal BEYOND = BigDecimal.valueOf(1L << 40);

  private static final BigDecimal STEPS = BigDecimal.valueOf(255);

  private ExactConversions() {}

  /** QuantizeLinear: {@code x / s}; NaN becomes the smallest integer, infinities saturate. */
  public static IntFunction<ExactElement> quantize(ExactOperands operands, QuantizedSlot slot) {
    Reals x = Reals.of(operands.get(slot.value()));
    IntUnaryOperator pair = parameters(operands, slot.scale());
    float[] scales = operands.get(slot.scale()).floats();
    Optional<long[]> zeros = operands.find(slot.zeroPoint()).map(Tensor::integers);
    return index -> {
      int p = pair.applyAsInt(index);
      long zero = zeros.map(z -> z[p]).orElse(0L);
      return x.quantized(index, new ResultParameters(new BigDecimal(scales[p]), zero));
    };
  }

  /** Floats, or integers taken for reals. */
  @FunctionalInterface
  private interface Reals {

    /** Returns an element, perhaps NaN or an infinity. */
    double value(int index);

    static Reals of(Tensor x) {
      if (x.dataType().isInteger()) {
        long[] integers = x.integers();
        return index -> (double) integers[index];
      }
      float[] floats = x.floats();
      return index -> floats[index];
    }

    default ExactElement quantized(int index, ResultParameters y) {
      double value = value(index);
      if (Double.isFinite(value)) {
        return y.element(new BigDecimal(value));
      }
      BigDecimal end = value > 0 ? BEYOND : BEYOND.negate();
      return new ExactElement(end, BigDecimal.ZERO, 0, y.zeroPoint());
    }
  }

  /** DequantizeLinear: {@code (q - z) * s}. */
  public static IntFunction<ExactElement> dequantize(ExactOperands operands, QuantizedSlot slot) {
    long[] x = operands.get(slot.value()).integers();
    IntUnaryOperator pair = parameters(operands, slot.scale());
    float[] scales = operands.get(slot.scale()).floats();
    Optional<long[]> zeros = operands.find(slot.zeroPoint()).map(Tensor::integers);
    return index -> {
      int p = pair.applyAsInt(index);
      long difference = x[index] - zeros.map(z -> z[p]).orElse(0L);
      BigDecimal value = BigDecimal.valueOf(difference).multiply(new BigDecimal(scales[p]));
      return new ExactElement(value, value.abs(), 1, 0);
    };
  }

  /**
   * Which scale belongs to an element: the only one, one for each index of the attribute axis, or
   * with the attribute block_size one for each run of that length along the axis.
   */
  private static IntUnaryOperator parameters(ExactOperands operands, int scale) {
    Tensor scales = operands.get(scale);
    int block = (int) operands.node().intAttribute("block_size", 0);
    if (block == 0 && scales.elementCount() == 1) {
      return index -> 0;
    }
    int[] sizes = operands.sizes();
    int stated = (int) operands.node().intAttribute("axis", 1);
    int axis = stated < 0 ? stated + sizes.length : stated;
    if (block == 0) {
      return index -> Indices.along(index, sizes, axis);
    }
    int inner = Indices.product(sizes, axis + 1, sizes.length);
    int blocks = (sizes[axis] + block - 1) / block;
    return index -> {
      int outer = index / inner / sizes[axis];
      int run = Indices.along(index, sizes, axis) / block;
      return (outer * blocks + run) * inner + index % inner;
    };
  }

  /**
   * DynamicQuantizeLinear: {@code n = min(0, min x)}, {@code p = max(0, max x)}, {@code s = (p - n)
   * / 255}, or 1 when {@code p = n}, {@code z = rne(-n / s)}, and QuantizeLinear with them. The
   * bound takes z for certain. NaN is left out of the range; infinities have no exact result.
   */
  public static IntFunction<ExactElement> dynamicQuantize(ExactOperands operands, Tensor tensor) {
    float[] x = tensor.floats();
    BigDecimal low = BigDecimal.ZERO;
    BigDecimal high = BigDecimal.ZERO;
    for (float value : x) {
      if (Float.isInfinite(value)) {
        throw new IllegalArgumentException("the range of an infinity has no exact scale");
      }
      if (!Float.isNaN(value)) {
        low = low.min(new BigDecimal(value));
        high = high.max(new BigDecimal(value));
      }
    }
    BigDecimal span = high.subtract(low);
    BigDecimal scale =
        span.signum() == 0 ? BigDecimal.ONE : span.divide(STEPS, ExactElement.DIGITS);
    ExactElement zero = new ResultParameters(scale, 0).element(low.negate());
    return switch (operands.result()) {
      case 0 -> {
        ResultParameters y = new ResultParameters(scale, zero.rounded(0, 255));
        Reals reals = Reals.of(tensor);
        yield index -> reals.quantized(index, y);
      }
      case 1 -> {
        ExactElement element = new ExactElement(scale, scale, 1, 0);
        yield index -> element;
      }
      case 2 -> index -> zero;
      default -> throw new IllegalArgumentException("there is no result " + operands.result());
    };
  }
}
