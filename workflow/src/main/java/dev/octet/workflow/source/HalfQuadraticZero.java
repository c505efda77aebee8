package dev.octet.workflow.source;

import dev.octet.kernels.quantize.CenteredRule;
import java.util.Optional;

/**
 * The zero point of weights by half-quadratic quantization (Badri and Shaji 2023; torchao's {@code
 * _choose_qparams_and_quantize_affine_hqq}), in float64. The scale is that of the range, {@code s =
 * max((high - low) / (qmax - qmin), 1 / 20000)}. From {@code c = -low / s} on, and from its nearest
 * integer, 20 times
 *
 * <pre>{@code
 * q = clamp(rne(w / s + c), 0, qmax - qmin)      r = w - (q - c) * s
 * e = sign(r) * max(|r| - |r|^-0.3 / beta, 0)    beta = 10, 1.01 times as much each time
 * c = mean(q - (w - e) / s)
 * }</pre>
 *
 * <p>Of all these c the one is taken whose mean |r| is the least. torchao starts from the integer
 * for 4 bits alone, and ends for all groups at once where the mean of them all grows.
 */
final class HalfQuadraticZero {

  private static final double MOST_STEPS = 2e4;
  private static final int ITERATIONS = 20;
  private static final double FIRST_BETA = 10;
  private static final double GROWTH = 1.01;
  private static final double POWER = 0.7 - 1;

  private final CenteredRule rule;
  private final float[] weights;
  private final double most;
  private final double scale;
  private final double low;
  private double least = Double.POSITIVE_INFINITY;
  private double best;

  /**
   * Takes weights.
   *
   * @param weights at least one, finite
   */
  HalfQuadraticZero(CenteredRule rule, float[] weights) {
    this.rule = rule;
    this.weights = weights;
    this.most = rule.max() - rule.min();
    double smallest = weights[0];
    double largest = weights[0];
    for (float weight : weights) {
      smallest = Math.min(smallest, weight);
      largest = Math.max(largest, weight);
    }
    this.low = smallest;
    this.scale = Math.max((largest - smallest) / most, 1 / MOST_STEPS);
  }

  /** Returns the pair; empty when it is beyond its type. */
  Optional<CenteredRule.Pair> find() {
    double first = -low / scale;
    search(first);
    search(Math.rint(first));
    double zero = (rule.middle() - rule.min() - best) * scale;
    return rule.pair((float) scale, (float) zero);
  }

  private void search(double start) {
    double beta = FIRST_BETA;
    double zero = start;
    for (int i = 0; i < ITERATIONS; i++) {
      zero = next(zero, beta);
      beta *= GROWTH;
    }
    next(zero, beta);
  }

  /** Keeps a zero point if it is better than those before; returns the one behind it. */
  private double next(double zero, double beta) {
    double sum = 0;
    double error = 0;
    for (float weight : weights) {
      double q = Math.min(Math.max(Math.rint(weight / scale + zero), 0), most);
      double lost = weight - (q - zero) * scale;
      double size = Math.abs(lost);
      error += size;
      // Where nothing is lost the power is infinite, and nothing is left.
      double left = Math.max(size - StrictMath.pow(size, POWER) / beta, 0);
      sum += q - (weight - Math.copySign(left, lost)) / scale;
    }
    if (error < least) {
      least = error;
      best = zero;
    }
    return sum / weights.length;
  }
}
