package dev.octet.kernels.floats;

import dev.octet.api.graph.Node;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.thread.Workers;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Functions of one float. Those that name a formula in double are rounded to float32 once, at the
 * end; exponentials and their kin are those of {@link StrictMath}.
 */
public final class UnaryFunctions {

  /** Where {@code x * x + 1} is x * x in double. */
  private static final double LARGE = 1e10;

  private static final double SQRT_HALF = Math.sqrt(0.5);
  private static final double SQRT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);

  /** {@code -x}; the sign of NaN is not defined. */
  public static final FloatUnary NEGATE =
      (x, y, from, to) -> {
        for (int i = from; i < to; i++) {
          y[i] = -x[i];
        }
      };

  /** The absolute value. */
  public static final FloatUnary ABSOLUTE =
      (x, y, from, to) -> {
        for (int i = from; i < to; i++) {
          y[i] = Math.abs(x[i]);
        }
      };

  private UnaryFunctions() {}

  /** {@code max(x, 0)}; NaN stays NaN, and -0.0 becomes 0.0. */
  static void relu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.max(x[i], 0f);
    }
  }

  /** {@code x} where it is not negative, else {@code alpha * x}. */
  static FloatUnary leakyRelu(Node node) {
    return leakyRelu(node.floatAttribute("alpha", 0.01f));
  }

  static FloatUnary leakyRelu(float alpha) {
    return (x, y, from, to) -> {
      for (int i = from; i < to; i++) {
        y[i] = x[i] < 0 ? alpha * x[i] : x[i];
      }
    };
  }

  /** The square root, correctly rounded: the double root of a float32 rounds to it. */
  static void squareRoot(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (float) Math.sqrt(x[i]);
    }
  }

  /** {@code 1 / x}, rounded once. */
  static void reciprocal(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = 1f / x[i];
    }
  }

  /** {@code max(0, min(1, alpha * x + beta))}, product and sum rounded each. */
  static FloatUnary hardSigmoid(Node node) {
    return hardSigmoid(node.floatAttribute("alpha", 0.2f), node.floatAttribute("beta", 0.5f));
  }

  static FloatUnary hardSigmoid(float alpha, float beta) {
    return (x, y, from, to) -> {
      for (int i = from; i < to; i++) {
        y[i] = Math.max(0f, Math.min(1f, alpha * x[i] + beta));
      }
    };
  }

  /** {@code x * max(0, min(1, x / 6 + 0.5))}, each step rounded. */
  static void hardSwish(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i] * Math.max(0f, Math.min(1f, x[i] / 6f + 0.5f));
    }
  }

  /** {@code x} above alpha, else 0. */
  static FloatUnary thresholdedRelu(Node node) {
    float alpha = node.floatAttribute("alpha", 1f);
    return (x, y, from, to) -> {
      for (int i = from; i < to; i++) {
        y[i] = x[i] > alpha ? x[i] : 0f;
      }
    };
  }

  /** {@code x + bias} below -lambd, {@code x - bias} above lambd, else 0. */
  static FloatUnary shrink(Node node) {
    float bias = node.floatAttribute("bias", 0f);
    float lambd = node.floatAttribute("lambd", 0.5f);
    return (x, y, from, to) -> {
      for (int i = from; i < to; i++) {
        y[i] = x[i] < -lambd ? x[i] + bias : x[i] > lambd ? x[i] - bias : 0f;
      }
    };
  }

  /** A function of a double. */
  static FloatUnary inDouble(DoubleUnaryOperator function) {
    return (x, y, from, to) -> {
      for (int i = from; i < to; i++) {
        y[i] = (float) function.applyAsDouble(x[i]);
      }
    };
  }

  /** The same function of doubles, which round as it does. */
  static Kernel ofDoubles(DoubleUnaryOperator function, int count) {
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        double[] x = (double[]) operands[0];
        double[] y = (double[]) results[0];
        for (int i = 0; i < count; i++) {
          y[i] = function.applyAsDouble(x[i]);
        }
      }
    };
  }

  /**
   * {@code sign(x) * log(|x| + sqrt(x * x + 1))}, in a form that keeps the digits of small numbers.
   */
  static double inverseSinh(double x) {
    double a = Math.abs(x);
    double value =
        a > LARGE
            ? StrictMath.log(a) + StrictMath.log(2)
            : StrictMath.log1p(a + a * a / (1 + Math.sqrt(a * a + 1)));
    return Math.copySign(value, x);
  }

  /** {@code log(x + sqrt(x * x - 1))}; NaN below 1. */
  static double inverseCosh(double x) {
    if (x < 1) {
      return Double.NaN;
    }
    double above = x - 1;
    return x > LARGE
        ? StrictMath.log(x) + StrictMath.log(2)
        : StrictMath.log1p(above + Math.sqrt(above * (x + 1)));
  }

  /** {@code log((1 + x) / (1 - x)) / 2}, in a form that keeps the digits of small numbers. */
  static double inverseTanh(double x) {
    return StrictMath.log1p(2 * x / (1 - x)) / 2;
  }

  /** {@code 1 / (1 + exp(-x))}. */
  static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  /** {@code log(1 + exp(x))}. */
  static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  /** {@code x / (1 + |x|)}. */
  static double softsign(double x) {
    return x / (1 + Math.abs(x));
  }

  /** {@code x} where it is not negative, else {@code alpha * (exp(x) - 1)}. */
  static FloatUnary elu(Node node) {
    double alpha = node.floatAttribute("alpha", 1f);
    return inDouble(x -> x < 0 ? alpha * StrictMath.expm1(x) : x);
  }

  /** {@code gamma * x} where x is positive, else {@code gamma * alpha * (exp(x) - 1)}. */
  static FloatUnary selu(Node node) {
    double alpha = node.floatAttribute("alpha", 1.6732632f);
    double gamma = node.floatAttribute("gamma", 1.050701f);
    return inDouble(x -> gamma * (x > 0 ? x : alpha * StrictMath.expm1(x)));
  }

  /** {@code max(0, x) + min(0, alpha * (exp(x / alpha) - 1))}. */
  static FloatUnary celu(Node node) {
    double alpha = node.floatAttribute("alpha", 1f);
    return inDouble(x -> Math.max(0, x) + Math.min(0, alpha * StrictMath.expm1(x / alpha)));
  }

  /** {@code x / 2 * (1 + erf(x / sqrt 2))}, or the tanh formula where approximate says so. */
  static FloatUnary gelu(Node node) {
    return inDouble(
        node.stringAttribute("approximate", "none").equals("tanh")
            ? UnaryFunctions::geluByTanh
            : UnaryFunctions::geluByErf);
  }

  /** {@code x / 2 * (1 + erf(x / sqrt 2))}. */
  static double geluByErf(double x) {
    return 0.5 * x * (1 + ErrorFunction.erf(x * SQRT_HALF));
  }

  /** {@code x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))}. */
  static double geluByTanh(double x) {
    return 0.5 * x * (1 + StrictMath.tanh(SQRT_TWO_OVER_PI * (x + 0.044715 * x * x * x)));
  }

  /** {@code x / (1 + exp(-alpha * x))}, with com.microsoft QuickGelu's alpha. */
  static FloatUnary quickGelu(Node node) {
    double alpha = node.floatAttribute("alpha", 1.702f);
    return inDouble(x -> x * sigmoid(alpha * x));
  }

  /** {@code x * tanh(log(1 + exp(x)))}. */
  static double mish(double x) {
    return x * StrictMath.tanh(softplus(x));
  }

  /** {@code x / (1 + exp(-alpha * x))}. */
  static FloatUnary swish(Node node) {
    double alpha = node.floatAttribute("alpha", 1f);
    return inDouble(x -> x * sigmoid(alpha * x));
  }

  /** {@code x^exponent}, see {@link BinaryFunctions#power}. */
  static FloatUnary power(Node node) {
    float exponent = node.floatAttribute(IntegerDialect.EXPONENT, 1f);
    return (x, y, from, to) -> {
      for (int i = from; i < to; i++) {
        y[i] = BinaryFunctions.power(x[i], exponent);
      }
    };
  }
}
