package dev.octet.workflow.source;

import dev.octet.api.spec.QuantizationParameters;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import java.util.Optional;

/** Searches the scale of weights that share one. All sums are in float64, in the weights' order. */
final class ScaleSearch {

  /** Ranges from 1.05 to 0.35 of that of the weights are tried. */
  private static final int CANDIDATES = 36;

  private static final float WIDEST = 1.05f;
  private static final float STEP = 0.02f;

  /** Both ends of a range are moved in turn, this many times. */
  private static final int ROUNDS = 2;

  private static final int MOST_ITERATIONS = 20;
  private static final double SMALLEST_MOVE = 1e-5;

  private final RoundedRule rule;
  private final RoundedRule rounding;
  private final float[] weights;
  private final double[] matter;
  private Optional<QuantizationParameters> best = Optional.empty();
  private double least = Double.POSITIVE_INFINITY;
  private float bestLow;
  private float bestHigh;

  ScaleSearch(LayerRule rule, float[] weights, double[] matter) {
    this.rule = rule.weights();
    this.rounding = rule.rounding();
    this.weights = weights;
    this.matter = matter;
  }

  static Optional<QuantizationParameters> ofRange(RoundedRule rule, float[] weights) {
    float[] range = range(weights);
    return rule.choose(range[0], range[1]);
  }

  private static float[] range(float[] weights) {
    float low = 0;
    float high = 0;
    for (float weight : weights) {
      low = Math.min(low, weight);
      high = Math.max(high, weight);
    }
    return new float[] {low, high};
  }

  static Optional<QuantizationParameters> halfQuadratic(RoundedRule rule, float[] weights) {
    float[] range = range(weights);
    double most = Math.max(-rule.min(), rule.max());
    double scale = Math.max(Math.max(-range[0], range[1]) / most, rule.floor());
    for (int i = 0; i < MOST_ITERATIONS; i++) {
      double next = Math.max(fitted(rule, weights, scale), rule.floor());
      double move = Math.abs(next - scale) / scale;
      scale = next;
      if (move < SMALLEST_MOVE) {
        break;
      }
    }
    return rule.pair((float) scale, 0);
  }

  private static double fitted(RoundedRule rule, float[] weights, double scale) {
    double products = 0;
    double squares = 0;
    for (float weight : weights) {
      double q =
          Math.min(Math.max(Math.rint(weight / scale), (double) rule.min()), (double) rule.max());
      products += weight * q;
      squares += q * q;
    }
    return squares == 0 ? scale : products / squares;
  }

  /** Returns the pair of the least error; among equals that of the widest range. */
  Optional<QuantizationParameters> leastError() {
    float[] range = range(weights);
    attempt(range[0], range[1]);
    for (int i = 0; i < CANDIDATES; i++) {
      attempt(range[0] * part(i), range[1] * part(i));
    }
    for (int round = 0; round < ROUNDS && rule.mapping() == Mapping.ASYMMETRIC; round++) {
      for (int i = 0; i < CANDIDATES; i++) {
        attempt(range[0] * part(i), bestHigh);
      }
      for (int i = 0; i < CANDIDATES; i++) {
        attempt(bestLow, range[1] * part(i));
      }
    }
    return best;
  }

  private static float part(int index) {
    return WIDEST - STEP * index;
  }

  private void attempt(float low, float high) {
    if (!(Float.isFinite(low) && Float.isFinite(high))) {
      return;
    }
    Optional<QuantizationParameters> pair = rule.choose(low, high);
    if (pair.isPresent()) {
      double error = error(pair.get().scale(0), pair.get().zeroPoint(0));
      if (error < least) {
        best = pair;
        least = error;
        bestLow = low;
        bestHigh = high;
      }
    }
  }

  private double error(float scale, long zeroPoint) {
    float reciprocal = rounding.reciprocal(scale);
    double sum = 0;
    for (int i = 0; i < weights.length && sum < least; i++) {
      long steps = rounding.quantize(weights[i], reciprocal, zeroPoint) - zeroPoint;
      double lost = (double) weights[i] - (double) (steps * scale);
      sum += matter[i] * lost * lost;
    }
    return sum;
  }
}
