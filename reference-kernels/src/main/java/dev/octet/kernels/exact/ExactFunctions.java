package dev.octet.kernels.exact;

import dev.octet.api.graph.Node;
import dev.octet.kernels.dialect.IntegerDialect;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Functions of one value, by formulas of their own in float64, whose error is far below what
 * float32 can tell apart.
 *
 * <p>What float32 may make of an argument that it has rounded twice is found by asking beside it:
 * the magnitude of an element holds how far the function is from itself at {@code x * (1 +-
 * 2^-22)}. Infinities are beyond every type, and NaN, which becomes the smallest integer, below; a
 * value beside a place where there is none may be any integer.
 */
public final class ExactFunctions {

  /** How far an argument may be off, relatively. */
  private static final double BESIDE = 0x1p-22;

  /** Beyond every integer at every scale. */
  private static final BigDecimal BEYOND = new BigDecimal("1e90");

  private static final BigDecimal ANYTHING = new BigDecimal("1e110");

  private static final Map<String, Function<Node, DoubleUnaryOperator>> FUNCTIONS = all();

  private ExactFunctions() {}

  /**
   * A function of one operand, divided by the scale of the result.
   *
   * @param operator the name of the operator that computes the function
   * @param node holds what the function depends on
   * @throws IllegalArgumentException if there is no such function
   */
  public static IntFunction<ExactElement> of(
      String operator, Node node, QuantizedOperand x, ResultParameters y) {
    DoubleUnaryOperator function =
        Optional.ofNullable(FUNCTIONS.get(operator))
            .orElseThrow(() -> new IllegalArgumentException("no function of '" + operator + "'"))
            .apply(node);
    return index -> {
      double argument = x.value(index).doubleValue();
      double value = function.applyAsDouble(argument);
      return y.element(real(value), magnitude(function, argument, value), 1, 1);
    };
  }

  private static BigDecimal real(double value) {
    if (Double.isNaN(value) || value == Double.NEGATIVE_INFINITY) {
      return BEYOND.negate();
    }
    return value == Double.POSITIVE_INFINITY ? BEYOND : new BigDecimal(value);
  }

  private static BigDecimal magnitude(DoubleUnaryOperator function, double argument, double value) {
    BigDecimal magnitude = real(value).abs();
    for (double beside : new double[] {argument * (1 + BESIDE), argument * (1 - BESIDE)}) {
      double near = function.applyAsDouble(beside);
      if (Double.isFinite(near) != Double.isFinite(value)) {
        return ANYTHING;
      }
      BigDecimal off = real(near).subtract(real(value)).abs();
      magnitude = magnitude.add(off.divide(new BigDecimal(BESIDE)));
    }
    return magnitude;
  }

  private static Map<String, Function<Node, DoubleUnaryOperator>> all() {
    Map<String, Function<Node, DoubleUnaryOperator>> all = new TreeMap<>();
    simple(all);
    exponential(all);
    trigonometric(all);
    parametrised(all);
    return all;
  }

  private static void put(
      Map<String, Function<Node, DoubleUnaryOperator>> all,
      String operator,
      DoubleUnaryOperator function) {
    all.put(operator, node -> function);
  }

  private static void simple(Map<String, Function<Node, DoubleUnaryOperator>> all) {
    put(all, "Abs", Math::abs);
    put(all, "Neg", x -> -x);
    put(all, "Sqrt", Math::sqrt);
    put(all, "Reciprocal", x -> 1 / x);
    put(all, "HardSwish", x -> x * Math.min(Math.max(x + 3, 0), 6) / 6);
    put(all, "Floor", Math::floor);
    put(all, "Ceil", Math::ceil);
    put(all, "Round", Math::rint);
    put(all, "Softsign", x -> x < 0 ? x / (1 - x) : x / (1 + x));
  }

  private static void exponential(Map<String, Function<Node, DoubleUnaryOperator>> all) {
    put(all, "Exp", StrictMath::exp);
    put(all, "Log", StrictMath::log);
    put(all, "Erf", ExactFunctions::erf);
    put(all, "Sigmoid", ExactFunctions::sigmoid);
    put(all, "Tanh", ExactFunctions::tanh);
    put(all, "Sinh", x -> (StrictMath.expm1(x) - StrictMath.expm1(-x)) / 2);
    put(all, "Cosh", x -> (StrictMath.exp(x) + StrictMath.exp(-x)) / 2);
    put(all, "Asinh", ExactFunctions::inverseSinh);
    put(all, "Acosh", x -> 2 * StrictMath.log(Math.sqrt((x + 1) / 2) + Math.sqrt((x - 1) / 2)));
    put(all, "Atanh", x -> (StrictMath.log1p(x) - StrictMath.log1p(-x)) / 2);
    put(all, "Softplus", ExactFunctions::softplus);
    put(all, "Mish", x -> x * tanh(softplus(x)));
  }

  private static void trigonometric(Map<String, Function<Node, DoubleUnaryOperator>> all) {
    put(all, "Sin", StrictMath::sin);
    put(all, "Cos", StrictMath::cos);
    put(all, "Tan", x -> StrictMath.sin(x) / StrictMath.cos(x));
    put(all, "Asin", x -> StrictMath.atan2(x, Math.sqrt((1 - x) * (1 + x))));
    put(all, "Acos", x -> StrictMath.atan2(Math.sqrt((1 - x) * (1 + x)), x));
    put(all, "Atan", x -> StrictMath.atan2(x, 1));
  }

  private static void parametrised(Map<String, Function<Node, DoubleUnaryOperator>> all) {
    all.put("LeakyRelu", n -> elseTimes(n.floatAttribute("alpha", 0.01f)));
    all.put("HardSigmoid", ExactFunctions::hardSigmoid);
    all.put("ThresholdedRelu", n -> above(n.floatAttribute("alpha", 1)));
    all.put("Elu", n -> elu(n.floatAttribute("alpha", 1), 1, 1));
    all.put("Celu", n -> celu(n.floatAttribute("alpha", 1)));
    all.put("Selu", ExactFunctions::selu);
    all.put("Shrink", ExactFunctions::shrink);
    all.put("Gelu", ExactFunctions::gelu);
    all.put("Swish", n -> swish(n.floatAttribute("alpha", 1)));
    all.put("Pow", n -> power(n.floatAttribute(IntegerDialect.EXPONENT, 1)));
  }

  private static double sigmoid(double x) {
    return x < 0 ? StrictMath.exp(x) / (1 + StrictMath.exp(x)) : 1 / (1 + StrictMath.exp(-x));
  }

  private static double tanh(double x) {
    double above = StrictMath.expm1(-2 * Math.abs(x));
    return Math.copySign(above / (above + 2), x);
  }

  private static double softplus(double x) {
    return x > 40 ? x : StrictMath.log1p(StrictMath.exp(x));
  }

  private static double inverseSinh(double x) {
    double a = Math.abs(x);
    return Math.copySign(StrictMath.log1p(2 * a * a + 2 * a * Math.sqrt(a * a + 1)) / 2, x);
  }

  /** By the alternating series near 0, by a continued fraction beyond (7.1.5, 7.1.14). */
  private static double erf(double x) {
    return Math.abs(x) < 2 ? series(x) : Math.copySign(1 - fraction(Math.abs(x)), x);
  }

  /** {@code 1 - erf(x)}, without a difference of numbers near 1. */
  private static double erfc(double x) {
    return x < 2 ? 1 - erf(x) : fraction(x);
  }

  private static double series(double x) {
    double power = x;
    double sum = x;
    for (int n = 1; n < 60; n++) {
      power *= -x * x / n;
      sum += power / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }

  private static double fraction(double x) {
    double fraction = x;
    for (int n = 80; n > 0; n--) {
      fraction = x + n / 2.0 / fraction;
    }
    return StrictMath.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
  }

  private static DoubleUnaryOperator elseTimes(double slope) {
    return x -> x < 0 ? slope * x : x;
  }

  private static DoubleUnaryOperator above(double threshold) {
    return x -> x > threshold ? x : 0;
  }

  private static DoubleUnaryOperator hardSigmoid(Node node) {
    double alpha = node.floatAttribute("alpha", 0.2f);
    double beta = node.floatAttribute("beta", 0.5f);
    return x -> Math.min(Math.max(alpha * x + beta, 0), 1);
  }

  /** {@code gamma * x} above 0, else {@code gamma * alpha * (exp(x / width) - 1)}. */
  private static DoubleUnaryOperator elu(double alpha, double gamma, double width) {
    return x -> gamma * (x > 0 ? x : alpha * StrictMath.expm1(x / width));
  }

  private static DoubleUnaryOperator selu(Node node) {
    return elu(
        node.floatAttribute("alpha", 1.6732632f), node.floatAttribute("gamma", 1.050701f), 1);
  }

  /** Both parts count where alpha is negative. */
  private static DoubleUnaryOperator celu(double alpha) {
    return alpha > 0
        ? elu(alpha, 1, alpha)
        : x -> Math.max(x, 0) + Math.min(alpha * StrictMath.expm1(x / alpha), 0);
  }

  private static DoubleUnaryOperator shrink(Node node) {
    double bias = node.floatAttribute("bias", 0);
    double reach = node.floatAttribute("lambd", 0.5f);
    return x -> x < -reach ? x + bias : x > reach ? x - bias : 0;
  }

  private static DoubleUnaryOperator gelu(Node node) {
    boolean approximate = node.stringAttribute("approximate", "none").equals("tanh");
    return approximate
        ? x -> x * sigmoid(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))
        : x -> x * erfc(-x / Math.sqrt(2)) / 2;
  }

  private static DoubleUnaryOperator swish(double alpha) {
    return x -> x * sigmoid(alpha * x);
  }

  private static DoubleUnaryOperator power(double exponent) {
    return x -> StrictMath.pow(x, exponent);
  }
}
