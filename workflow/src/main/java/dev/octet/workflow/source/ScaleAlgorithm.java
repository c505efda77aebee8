package dev.octet.workflow.source;

import dev.octet.api.spec.QuantizationParameters;
import dev.octet.kernels.quantize.RoundedRule;
import java.util.Optional;

/**
 * How the scale, and the zero point where there is one, of weights that share them is found. What
 * it finds is a scale of {@link RoundedRule}: rounded to its type, never below the floor. Integers
 * are those of RoundedRule for {@link #AFFINE}, and else those of the same rule in float32.
 */
public enum ScaleAlgorithm {
  /** The scale of the range of the weights. */
  AFFINE {
    @Override
    Optional<QuantizationParameters> choose(LayerRule rule, float[] weights, double[] matter) {
      return ScaleSearch.ofRange(rule.weights(), weights);
    }
  },
  /**
   * The scale that half-quadratic quantization finds, for symmetric weights: starting from the
   * largest magnitude by the largest magnitude of an integer, at most 20 times {@code s = sum(w q)
   * / sum(q^2)} for {@code q = clamp(rne(w / s))}, until it moves by less than 1e-5 of itself.
   */
  HQQ_SCALE_ONLY {
    @Override
    Optional<QuantizationParameters> choose(LayerRule rule, float[] weights, double[] matter) {
      return ScaleSearch.halfQuadratic(rule.weights(), weights);
    }
  },
  /**
   * The scale with the least {@code sum m (w - w')^2} among those of narrower and slightly wider
   * ranges; {@code m}, how much an input matters, is 1 without data and the sum of its squares with
   * it.
   */
  SQUARED_ERROR {
    @Override
    Optional<QuantizationParameters> choose(LayerRule rule, float[] weights, double[] matter) {
      return new ScaleSearch(rule, weights, matter).leastError();
    }
  };

  /**
   * Returns the scale and zero point of weights that share them; empty when the scale is beyond its
   * type.
   *
   * @param rule what makes integers of them
   * @param weights at least one, finite numbers of the rule's type
   * @param matter how much an error of each counts, at least 0
   */
  abstract Optional<QuantizationParameters> choose(
      LayerRule rule, float[] weights, double[] matter);
}
