package dev.octet.workflow.source;

import dev.octet.kernels.quantize.CenteredRule;
import java.util.Optional;

/** How the scale and the float zero point of weights that share them are found. */
public enum Int4ChooseQparamsAlgorithm {
  /** Those of the range of the weights: {@link CenteredRule#choose}. */
  TINYGEMM {
    @Override
    Optional<CenteredRule.Pair> choose(CenteredRule rule, float[] weights) {
      float low = weights[0];
      float high = weights[0];
      for (float weight : weights) {
        low = Math.min(low, weight);
        high = Math.max(high, weight);
      }
      return rule.choose(low, high);
    }
  },
  /**
   * The scale of the range, and the zero point that half-quadratic quantization (HQQ) finds for it:
   * see {@link HalfQuadraticZero}.
   */
  HQQ {
    @Override
    Optional<CenteredRule.Pair> choose(CenteredRule rule, float[] weights) {
      return new HalfQuadraticZero(rule, weights).find();
    }
  };

  /**
   * Returns the scale and zero point of weights that share them; empty when one is beyond its type.
   *
   * @param weights at least one, finite numbers of the rule's type
   */
  abstract Optional<CenteredRule.Pair> choose(CenteredRule rule, float[] weights);
}
