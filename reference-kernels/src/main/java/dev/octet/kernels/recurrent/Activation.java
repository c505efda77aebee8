package dev.octet.kernels.recurrent;

import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * A function of the gates of a recurrent layer, in double, of {@link StrictMath}; its input is
 * clipped first where the node says so. Immutable and thread-safe.
 *
 * @param kind which function
 * @param alpha its first parameter
 * @param beta its second parameter
 * @param clip the largest magnitude of its input; infinite for none
 */
record Activation(Kind kind, double alpha, double beta, double clip) {

  /** The functions, with the defaults of their parameters; NaN for one that they lack. */
  enum Kind {
    RELU(Double.NaN, Double.NaN),
    TANH(Double.NaN, Double.NaN),
    SIGMOID(Double.NaN, Double.NaN),
    AFFINE(1, 0),
    LEAKYRELU(0.01f, Double.NaN),
    THRESHOLDEDRELU(1, Double.NaN),
    SCALEDTANH(1, 1),
    HARDSIGMOID(0.2f, 0.5),
    ELU(1, Double.NaN),
    SOFTSIGN(Double.NaN, Double.NaN),
    SOFTPLUS(Double.NaN, Double.NaN);

    private final double alpha;
    private final double beta;

    Kind(double alpha, double beta) {
      this.alpha = alpha;
      this.beta = beta;
    }
  }

  /**
   * Returns a function by its name, which takes the next of the stated parameters that it has.
   *
   * @throws ShapeMismatchException if there is no such function
   */
  static Activation of(String name, Iterator<Float> alphas, Iterator<Float> betas, double clip) {
    for (Kind kind : Kind.values()) {
      if (kind.name().equals(name.toUpperCase(Locale.ROOT))) {
        return new Activation(kind, next(kind.alpha, alphas), next(kind.beta, betas), clip);
      }
    }
    throw new ShapeMismatchException("its activation '" + name + "' is not known");
  }

  private static double next(double absent, Iterator<Float> stated) {
    return Double.isNaN(absent) || !stated.hasNext() ? absent : stated.next();
  }

  double apply(double stated) {
    double x = Math.max(-clip, Math.min(clip, stated));
    return switch (kind) {
      case RELU -> Math.max(0, x);
      case TANH -> StrictMath.tanh(x);
      case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
      case AFFINE -> alpha * x + beta;
      case LEAKYRELU -> x >= 0 ? x : alpha * x;
      case THRESHOLDEDRELU -> x >= alpha ? x : 0;
      case SCALEDTANH -> alpha * StrictMath.tanh(beta * x);
      case HARDSIGMOID -> Math.max(0, Math.min(1, alpha * x + beta));
      case ELU -> x >= 0 ? x : alpha * StrictMath.expm1(x);
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case SOFTPLUS -> Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    };
  }

  /** Returns the names of functions, which have to be a number of them. */
  static List<String> checked(List<String> names, int count) {
    if (names.size() != count) {
      throw new ShapeMismatchException(names.size() + " activations where it takes " + count);
    }
    return names;
  }
}
