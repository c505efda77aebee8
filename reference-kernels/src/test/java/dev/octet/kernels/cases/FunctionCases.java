package dev.octet.kernels.cases;

import dev.octet.api.graph.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;

/** Functions of one float. */
final class FunctionCases {

  private static final float[] SAMPLES = {
    0f, -0f, 0.5f, -0.5f, 1f, -1f, 1.5f, -1.5f, 2.5f, -2.25f, 3.75f, -5f, 1e-3f, -1e-3f, 1e-30f,
    -1e-30f, 4.25f, 20f
  };

  private FunctionCases() {}

  static Stream<OperatorCase> cases() {
    return Stream.of(exact(), formulas(), parametrised(), limits()).flatMap(cases -> cases);
  }

  private static Stream<OperatorCase> exact() {
    return Stream.of(
            exact("Relu", x -> x > 0 ? x : 0),
            exact("Floor", x -> integral(x, RoundingMode.FLOOR)),
            exact("Ceil", x -> integral(x, RoundingMode.CEILING)),
            exact("Round", x -> integral(x, RoundingMode.HALF_EVEN)),
            exact("Reciprocal", x -> 1 / x),
            exact("LeakyRelu", x -> x < 0 ? (double) 0.01f * x : x),
            exact("ThresholdedRelu", x -> x > 1 ? x : 0))
        .flatMap(cases -> cases);
  }

  private static Stream<OperatorCase> formulas() {
    return Stream.of(
            close("Sqrt", x -> x < 0 ? Double.NaN : decimalRoot(x)),
            close("Exp", Math::exp),
            close("Log", x -> x < 0 ? Double.NaN : Math.log(x)),
            close("Sin", Math::sin),
            close("Cos", Math::cos),
            close("Tan", x -> Math.sin(x) / Math.cos(x)),
            close("Asin", x -> Math.atan2(x, Math.sqrt((1 - x) * (1 + x)))),
            close("Acos", x -> Math.atan2(Math.sqrt((1 - x) * (1 + x)), x)),
            close("Atan", x -> Math.atan2(x, 1)),
            close("Sinh", x -> (Math.expm1(x) - Math.expm1(-x)) / 2),
            close("Cosh", x -> (Math.exp(x) + Math.exp(-x)) / 2),
            close("Asinh", x -> Math.log1p(2 * x * x + 2 * x * Math.hypot(x, 1)) / 2),
            close("Acosh", x -> x < 1 ? Double.NaN : Math.log(x + Math.sqrt(x * x - 1))),
            close("Atanh", x -> (Math.log1p(x) - Math.log1p(-x)) / 2),
            close("Tanh", FunctionCases::tanh),
            close("Erf", FunctionCases::erf),
            close("Sigmoid", x -> Math.exp(x) / (1 + Math.exp(x))),
            close("Softplus", FunctionCases::softplus),
            close("Softsign", x -> x < 0 ? x / (1 - x) : x / (1 + x)),
            close("Mish", FunctionCases::mish),
            close("Elu", x -> x < 0 ? Math.expm1(x) : x),
            close("Celu", x -> x < 0 ? Math.expm1(x) : x),
            close("Selu", FunctionCases::selu),
            close("Gelu", x -> x * (1 + erf(x / Math.sqrt(2))) / 2),
            close("Swish", x -> x * Math.exp(x) / (1 + Math.exp(x))),
            // Three and four roundings to float32.
            close("HardSigmoid", x -> Math.min(1, Math.max(0, 0.2f * x + 0.5)))
                .map(c -> c.within(8)),
            close("HardSwish", x -> x * Math.min(1, Math.max(0, (x + 3) / 6)))
                .map(c -> c.within(8)))
        .flatMap(cases -> cases);
  }

  private static Stream<OperatorCase> parametrised() {
    return Stream.of(
            exact("LeakyRelu", x -> x < 0 ? 0.25 * x : x).map(c -> c.real("alpha", 0.25f)),
            exact("Shrink", x -> x < -1.5 ? x + 0.5 : x > 1.5 ? x - 0.5 : 0)
                .map(c -> c.real("lambd", 1.5f).real("bias", 0.5f)),
            exact("ThresholdedRelu", x -> x > -1.5 ? x : 0).map(c -> c.real("alpha", -1.5f)),
            exact("HardSigmoid", x -> Math.min(1, Math.max(0, (float) (0.5 * x) + 0.25)))
                .map(c -> c.real("alpha", 0.5f).real("beta", 0.25f)),
            close("Elu", x -> x < 0 ? 2.5 * Math.expm1(x) : x).map(c -> c.real("alpha", 2.5f)),
            close("Celu", x -> x < 0 ? 2 * Math.expm1(x / 2) : x).map(c -> c.real("alpha", 2f)),
            close("Selu", x -> 3 * (x > 0 ? x : 0.5 * Math.expm1(x)))
                .map(c -> c.real("alpha", 0.5f).real("gamma", 3)),
            close("Swish", x -> x * Math.exp(2 * x) / (1 + Math.exp(2 * x)))
                .map(c -> c.real("alpha", 2)),
            close(
                    "Gelu",
                    x ->
                        x
                            * (1 + tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * Math.pow(x, 3))))
                            / 2)
                .map(c -> c.text("approximate", "tanh")))
        .flatMap(cases -> cases);
  }

  private static Stream<OperatorCase> limits() {
    return Stream.of(
        limit("Relu", "Infinity 0 NaN"),
        limit("Floor", "Infinity -Infinity NaN"),
        limit("Ceil", "Infinity -Infinity NaN"),
        limit("Round", "Infinity -Infinity NaN"),
        limit("Reciprocal", "0 -0.0 NaN"),
        limit("LeakyRelu", "Infinity -Infinity NaN"),
        limit("ThresholdedRelu", "Infinity 0 0"),
        limit("HardSigmoid", "1 0 NaN"),
        limit("Sqrt", "Infinity NaN NaN"),
        limit("Exp", "Infinity 0 NaN"),
        limit("Log", "Infinity NaN NaN"),
        limit("Sin", "NaN NaN NaN"),
        limit("Cos", "NaN NaN NaN"),
        limit("Tan", "NaN NaN NaN"),
        limit("Asin", "NaN NaN NaN"),
        limit("Acos", "NaN NaN NaN"),
        limit("Atan", "1.5707964 -1.5707964 NaN"),
        limit("Sinh", "Infinity -Infinity NaN"),
        limit("Cosh", "Infinity Infinity NaN"),
        limit("Asinh", "Infinity -Infinity NaN"),
        limit("Acosh", "Infinity NaN NaN"),
        limit("Atanh", "NaN NaN NaN"),
        narrow("Acosh", "FLOAT[4] -3.4e38 -1e10 -1 1", "FLOAT[4] NaN NaN NaN 0"),
        limit("Shrink", "Infinity -Infinity 0"),
        narrow("Sqrt", "FLOAT16[3] 4 2 0.25", "FLOAT16[3] 2 1.4140625 0.5"),
        narrow("Exp", "FLOAT16[2] 0 20", "FLOAT16[2] 1 Infinity"),
        narrow("Exp", "BFLOAT16[2] 1 NaN", "BFLOAT16[2] 2.71875 NaN"),
        narrow("Exp", "DOUBLE[2] 0 -Infinity", "DOUBLE[2] 1 0"),
        limit("Tanh", "1 -1 NaN"),
        limit("Erf", "1 -1 NaN"),
        limit("Sigmoid", "1 0 NaN"),
        limit("Softplus", "Infinity 0 NaN"),
        limit("Elu", "Infinity -1 NaN"),
        limit("Celu", "Infinity -1 NaN"),
        limit("Selu", "Infinity -1.758099346 NaN"));
  }

  private static OperatorCase narrow(String op, String x, String y) {
    return OperatorCase.of(op, opset(op)).input(x).gives(y);
  }

  private static OperatorCase limit(String op, String results) {
    return OperatorCase.of(op, opset(op))
        .input("FLOAT[3] Infinity -Infinity NaN")
        .gives("FLOAT[3] " + results);
  }

  /** Cases of all sizes of a function whose result is the float nearest to a value in double. */
  private static Stream<OperatorCase> exact(String op, DoubleUnaryOperator function) {
    float[] results = new float[SAMPLES.length];
    for (int i = 0; i < results.length; i++) {
      results[i] = (float) function.applyAsDouble(SAMPLES[i]);
    }
    return Stream.of(0, 1, 7, 8, 9, SAMPLES.length, 40_000)
        .map(
            length ->
                OperatorCase.of(op, opset(op))
                    .input(repeated(SAMPLES, length))
                    .gives(repeated(results, length)));
  }

  private static Tensor repeated(float[] values, int length) {
    float[] elements = new float[length];
    for (int i = 0; i < length; i++) {
      elements[i] = values[i % values.length];
    }
    return Tensor.of(elements, length);
  }

  /** As {@link #exact}, where both computations in double may err before they are rounded. */
  private static Stream<OperatorCase> close(String op, DoubleUnaryOperator function) {
    return exact(op, function).map(c -> c.within(1));
  }

  private static long opset(String op) {
    return switch (op) {
      case "Gelu" -> 20;
      case "Swish" -> 24;
      default -> 18;
    };
  }

  /** A zero keeps the sign of what was rounded. */
  private static double integral(double x, RoundingMode mode) {
    return Math.copySign(new BigDecimal(x).setScale(0, mode).doubleValue(), x);
  }

  private static double decimalRoot(double x) {
    return new BigDecimal(x).sqrt(new MathContext(40)).doubleValue();
  }

  private static double tanh(double x) {
    double e = Math.expm1(2 * x);
    return x > 20 ? 1 : e / (e + 2);
  }

  /** {@code log(1 + e) = e - e^2 / 2 + e^3 / 3} where e is small. */
  private static double softplus(double x) {
    double e = Math.exp(x);
    return x < -10 ? e - e * e / 2 + e * e * e / 3 : Math.log(1 + e);
  }

  /** {@code tanh(log(1 + e)) = (e^2 + 2e) / (e^2 + 2e + 2)}. */
  private static double mish(double x) {
    double e = Math.exp(x);
    return x * (e * e + 2 * e) / (e * e + 2 * e + 2);
  }

  private static double selu(double x) {
    return (double) 1.05070098f * (x > 0 ? x : (double) 1.67326324f * Math.expm1(x));
  }

  /** {@code 2 / sqrt(pi) * sum of (-1)^n x^(2n+1) / (n! (2n+1))}, in 60 digits. */
  private static double erf(double x) {
    if (Math.abs(x) > 6) {
      return Math.signum(x);
    }
    MathContext digits = new MathContext(60);
    BigDecimal square = new BigDecimal(x).pow(2);
    BigDecimal power = new BigDecimal(x);
    BigDecimal sum = BigDecimal.ZERO;
    for (int n = 0; n < 200; n++) {
      sum = sum.add(power.divide(BigDecimal.valueOf(2L * n + 1), digits), digits);
      power = power.multiply(square, digits).divide(BigDecimal.valueOf(-n - 1L), digits);
    }
    return sum.doubleValue() * 2 / Math.sqrt(Math.PI);
  }
}
