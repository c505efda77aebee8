package dev.octet.kernels.exact;

import java.math.BigDecimal;
import java.util.Arrays;

/** Sums, products and functions of single elements, and means. */
final class ExactElementwise {

  private ExactElementwise() {}

  /** QLinearAdd: {@code ((a - z_a) * s_a + (b - z_b) * s_b) / s_c}. */
  static ExactRule add(Operands operands, int[] result) {
    Quantized a = operands.quantized(0);
    Quantized b = operands.quantized(3);
    BigDecimal scale = operands.scale(6);
    return index -> {
      BigDecimal x = term(a, broadcast(index, result, a.sizes()));
      BigDecimal y = term(b, broadcast(index, result, b.sizes()));
      return element(x.add(y), x.abs().add(y.abs()), scale, 2);
    };
  }

  /** QLinearMul: {@code (a - z_a) * s_a * (b - z_b) * s_b / s_c}. */
  static ExactRule mul(Operands operands, int[] result) {
    Quantized a = operands.quantized(0);
    Quantized b = operands.quantized(3);
    BigDecimal scale = operands.scale(6);
    return index -> {
      BigDecimal product =
          term(a, broadcast(index, result, a.sizes()))
              .multiply(term(b, broadcast(index, result, b.sizes())));
      return element(product, product.abs(), scale, 1);
    };
  }

  /** Requantize: {@code (x - z_x) * s_x / s_y}. */
  static ExactRule requantize(Operands operands) {
    Quantized x = operands.quantized(0);
    BigDecimal scale = operands.scale(3);
    return index -> element(term(x, index), term(x, index).abs(), scale, 1);
  }

  /** QLinearLeakyRelu. */
  static ExactRule leakyRelu(Operands operands) {
    Quantized x = operands.quantized(0);
    BigDecimal scale = operands.scale(3);
    BigDecimal alpha = new BigDecimal(operands.node().floatAttribute("alpha", 0.01f));
    return index -> {
      BigDecimal value = term(x, index);
      BigDecimal result = value.signum() < 0 ? value.multiply(alpha) : value;
      return element(result, result.abs(), scale, 1);
    };
  }

  /** QLinearConcat: the part that an element comes from. */
  static ExactRule concat(Operands operands, int[] result) {
    BigDecimal scale = operands.scale(0);
    int stated = (int) operands.node().intAttribute("axis", 1);
    int axis = stated < 0 ? stated + result.length : stated;
    int inner = product(result, axis + 1);
    return index -> {
      int along = index / inner % result[axis];
      int outer = index / inner / result[axis];
      int operand = 2;
      Quantized part = operands.quantized(operand);
      while (along >= part.size(axis)) {
        along -= part.size(axis);
        operand += 3;
        part = operands.quantized(operand);
      }
      BigDecimal value = term(part, (outer * part.size(axis) + along) * inner + index % inner);
      return element(value, value.abs(), scale, 1);
    };
  }

  /** QLinearAveragePool. */
  static ExactRule averagePool(Operands operands, int[] result) {
    Quantized x = operands.quantized(0);
    BigDecimal scale = operands.scale(3);
    int[] kernel =
        operands.node().intsAttribute("kernel_shape").orElseThrow().stream()
            .mapToInt(Math::toIntExact)
            .toArray();
    int[] weights = new int[kernel.length + 2];
    System.arraycopy(kernel, 0, weights, 2, kernel.length);
    Windows windows = Windows.of(operands.node(), x.sizes(), weights, result);
    boolean countPads = operands.node().intAttribute("count_include_pad", 0) != 0;
    return index -> {
      BigDecimal sum = BigDecimal.ZERO;
      BigDecimal magnitude = BigDecimal.ZERO;
      int inside = 0;
      for (int tap = 0; tap < windows.taps(); tap++) {
        int offset = windows.offset(index % windows.positions(), tap);
        if (offset >= 0) {
          BigDecimal value = term(x, index / windows.positions() * windows.inputs() + offset);
          sum = sum.add(value);
          magnitude = magnitude.add(value.abs());
          inside++;
        }
      }
      int count =
          countPads ? windows.counted(operands.node(), index % windows.positions()) : inside;
      return element(sum, magnitude, scale.multiply(BigDecimal.valueOf(count)), inside);
    };
  }

  /** QLinearGlobalAveragePool and QLinearReduceMean over the marked axes. */
  static ExactRule mean(Operands operands, boolean[] reduced) {
    Quantized x = operands.quantized(0);
    BigDecimal scale = operands.scale(3);
    int[] sizes = x.sizes();
    return index -> {
      BigDecimal sum = BigDecimal.ZERO;
      BigDecimal magnitude = BigDecimal.ZERO;
      int count = 0;
      for (int i = 0; i < product(sizes, 0); i++) {
        if (target(i, sizes, reduced) == index) {
          sum = sum.add(term(x, i));
          magnitude = magnitude.add(term(x, i).abs());
          count++;
        }
      }
      return element(sum, magnitude, scale.multiply(BigDecimal.valueOf(count)), count);
    };
  }

  private static int target(int index, int[] sizes, boolean[] reduced) {
    int rest = index;
    int target = 0;
    int weight = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      if (!reduced[axis]) {
        target += rest % sizes[axis] * weight;
        weight *= sizes[axis];
      }
      rest /= sizes[axis];
    }
    return target;
  }

  private static BigDecimal term(Quantized x, int index) {
    return BigDecimal.valueOf(x.difference(index, 0)).multiply(x.scale(0));
  }

  private static ExactElement element(
      BigDecimal sum, BigDecimal magnitude, BigDecimal divisor, int terms) {
    return new ExactElement(
        sum.divide(divisor, ExactElement.DIGITS),
        magnitude.divide(divisor, ExactElement.DIGITS),
        terms);
  }

  /** The index in an operand that broadcasts to a result. */
  static int broadcast(int index, int[] result, int[] operand) {
    int rest = index;
    int at = 0;
    int weight = 1;
    for (int axis = result.length - 1; axis >= 0; axis--) {
      int own = axis - result.length + operand.length;
      int size = own < 0 ? 1 : operand[own];
      at += size == 1 ? 0 : rest % result[axis] * weight;
      weight *= size;
      rest /= result[axis];
    }
    return at;
  }

  private static int product(int[] sizes, int from) {
    return Arrays.stream(sizes).skip(from).reduce(1, Math::multiplyExact);
  }
}
