package dev.octet.kernels.exact;

import dev.octet.api.graph.Tensor;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** Sums, products and functions of single elements, and parts that are put together. */
public final class ExactElementwise {

  /** Beyond every integer at every scale. */
  private static final BigDecimal BEYOND = new BigDecimal("1e90");

  private ExactElementwise() {}

  /** QLinearAdd: {@code ((a - z_a) * s_a + (b - z_b) * s_b) / s_c}. */
  public static IntFunction<ExactElement> add(
      ExactOperands operands, QuantizedOperand a, QuantizedOperand b, ResultParameters c) {
    return pairs(operands, a, b, c, BigDecimal::add);
  }

  /** QLinearMul: {@code (a - z_a) * s_a * (b - z_b) * s_b / s_c}. */
  public static IntFunction<ExactElement> mul(
      ExactOperands operands, QuantizedOperand a, QuantizedOperand b, ResultParameters c) {
    int[] sizes = operands.sizes();
    return index ->
        c.element(
            a.value(Indices.broadcast(index, sizes, a.sizes()))
                .multiply(b.value(Indices.broadcast(index, sizes, b.sizes()))));
  }

  /** QLinearSub: {@code ((a - z_a) * s_a - (b - z_b) * s_b) / s_c}. */
  public static IntFunction<ExactElement> sub(
      ExactOperands operands, QuantizedOperand a, QuantizedOperand b, ResultParameters c) {
    return pairs(operands, a, b, c, BigDecimal::subtract);
  }

  /** QLinearMax: the larger one, divided by the scale of the result. */
  public static IntFunction<ExactElement> max(
      ExactOperands operands, QuantizedOperand a, QuantizedOperand b, ResultParameters c) {
    return pairs(operands, a, b, c, BigDecimal::max);
  }

  /** QLinearMin: the smaller one, divided by the scale of the result. */
  public static IntFunction<ExactElement> min(
      ExactOperands operands, QuantizedOperand a, QuantizedOperand b, ResultParameters c) {
    return pairs(operands, a, b, c, BigDecimal::min);
  }

  /** QLinearPRelu: a where it is not negative, else a times b; divided by the result's scale. */
  public static IntFunction<ExactElement> prelu(
      ExactOperands operands, QuantizedOperand a, QuantizedOperand b, ResultParameters c) {
    int[] sizes = operands.sizes();
    return index -> {
      BigDecimal x = a.value(Indices.broadcast(index, sizes, a.sizes()));
      BigDecimal slope = b.value(Indices.broadcast(index, sizes, b.sizes()));
      return c.element(x.signum() < 0 ? x.multiply(slope) : x);
    };
  }

  private static IntFunction<ExactElement> pairs(
      ExactOperands operands,
      QuantizedOperand a,
      QuantizedOperand b,
      ResultParameters c,
      BinaryOperator<BigDecimal> function) {
    int[] sizes = operands.sizes();
    return index -> {
      BigDecimal x = a.value(Indices.broadcast(index, sizes, a.sizes()));
      BigDecimal y = b.value(Indices.broadcast(index, sizes, b.sizes()));
      return c.element(function.apply(x, y), x.abs().add(y.abs()), 1, 2);
    };
  }

  /**
   * QLinearDiv: {@code (a - z_a) * s_a / ((b - z_b) * s_b) / s_c}. Divided by 0, what is not 0 is
   * beyond every type, and 0, which is no number then, below.
   */
  public static IntFunction<ExactElement> div(
      ExactOperands operands, QuantizedOperand a, QuantizedOperand b, ResultParameters c) {
    int[] sizes = operands.sizes();
    return index -> {
      BigDecimal x = a.value(Indices.broadcast(index, sizes, a.sizes()));
      BigDecimal y = b.value(Indices.broadcast(index, sizes, b.sizes()));
      return c.element(
          y.signum() != 0
              ? x.divide(y, ExactElement.DIGITS)
              : x.signum() > 0 ? BEYOND : BEYOND.negate());
    };
  }

  /** QLinearWhere: the chosen part, divided by the scale of the result. */
  public static IntFunction<ExactElement> where(
      ExactOperands operands,
      Tensor condition,
      QuantizedOperand x,
      QuantizedOperand y,
      ResultParameters z) {
    byte[] truth = condition.bytes();
    int[] conditionSizes = sizes(condition);
    int[] sizes = operands.sizes();
    return index -> {
      boolean first = truth[Indices.broadcast(index, sizes, conditionSizes)] != 0;
      QuantizedOperand chosen = first ? x : y;
      return z.element(chosen.value(Indices.broadcast(index, sizes, chosen.sizes())));
    };
  }

  private static int[] sizes(Tensor tensor) {
    int[] sizes = new int[tensor.rank()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.toIntExact(tensor.sizes()[i]);
    }
    return sizes;
  }

  /** Lookup: the entry at the place that each element of an operand names. */
  public static IntFunction<ExactElement> lookup(Tensor x, Tensor table) {
    long[] places = x.integers();
    long[] entries = table.integers();
    long least = x.dataType().isSignedInteger() ? Byte.MIN_VALUE : 0;
    return index -> {
      BigDecimal entry = BigDecimal.valueOf(entries[(int) (places[index] - least)]);
      return new ExactElement(entry, entry.abs(), 0, 0);
    };
  }

  /** A function of the real value of each element of an operand. */
  public static IntFunction<ExactElement> map(
      QuantizedOperand x, ResultParameters y, UnaryOperator<BigDecimal> function) {
    return index -> y.element(function.apply(x.value(index)));
  }

  /** QLinearConcat: the part that an element comes from. */
  public static IntFunction<ExactElement> concat(
      ExactOperands operands, List<QuantizedOperand> parts, ResultParameters y) {
    int[] sizes = operands.sizes();
    int stated = (int) operands.node().intAttribute("axis", 1);
    int axis = stated < 0 ? stated + sizes.length : stated;
    int inner = Indices.product(sizes, axis + 1, sizes.length);
    return index -> {
      int along = Indices.along(index, sizes, axis);
      int part = 0;
      while (along >= parts.get(part).size(axis)) {
        along -= parts.get(part++).size(axis);
      }
      QuantizedOperand x = parts.get(part);
      int outer = index / inner / sizes[axis];
      return y.element(x.value((outer * x.size(axis) + along) * inner + index % inner));
    };
  }
}
