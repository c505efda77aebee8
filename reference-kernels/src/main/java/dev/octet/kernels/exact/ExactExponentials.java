package dev.octet.kernels.exact;

import java.math.BigDecimal;
import java.util.function.IntFunction;

/**
 * Softmax. Its values are computed in float64, whose error is below 2^-40 of what float32 can tell
 * apart.
 *
 * <p>The bound takes for granted an exponential that is within 4 units of 2^-24 of the true one,
 * and counts the error of its argument: an argument a that was rounded once or twice is off by at
 * most {@code 2 * u * |a|}, and so is the exponential, relatively.
 */
public final class ExactExponentials {

  private static final int EXPONENTIAL = 4;

  private ExactExponentials() {}

  /**
   * QLinearSoftmax: {@code exp(x) / (sum exp(x)) * steps} over a row, where steps are {@code 1 /
   * s_y}, rounded down where nothing has 16 bits.
   *
   * @param wide whether the operand or the result has 16 bits
   */
  public static IntFunction<ExactElement> softmax(
      ExactOperands operands, QuantizedOperand x, ResultParameters y, boolean wide) {
    float scale = y.scale().floatValue();
    double steps = wide ? 1 / (double) scale : Math.floor((double) (1f / scale));
    boolean flat = operands.node().intAttribute("opset", 13) < 13;
    int stated = (int) operands.node().intAttribute("axis", flat ? 1 : -1);
    int[] sizes = operands.sizes();
    int axis = stated < 0 ? stated + sizes.length : stated;
    int end = flat ? sizes.length : axis + 1;
    int length = Indices.product(sizes, axis, end);
    int inner = Indices.product(sizes, end, sizes.length);
    return index -> {
      int first = index / (length * inner) * length * inner + index % inner;
      double largest = Double.NEGATIVE_INFINITY;
      double reach = 0;
      for (int i = 0; i < length; i++) {
        double argument = argument(x, first + i * inner);
        largest = Math.max(largest, argument);
        reach = Math.max(reach, Math.abs(argument));
      }
      double sum = 0;
      for (int i = 0; i < length; i++) {
        sum += StrictMath.exp(argument(x, first + i * inner) - largest);
      }
      double value = StrictMath.exp(argument(x, index) - largest) / sum * steps;
      return element(value, length + 2 * reach, y);
    };
  }

  private static double argument(QuantizedOperand x, int index) {
    return x.difference(index, 0) * x.scale(0).doubleValue();
  }

  /** Both an exponential and a sum of exponentials: twice the error of one. */
  private static ExactElement element(double value, double terms, ResultParameters y) {
    BigDecimal exact = new BigDecimal(value);
    return new ExactElement(
        exact, exact, (int) Math.ceil(2 * (EXPONENTIAL + terms)), y.zeroPoint());
  }
}
