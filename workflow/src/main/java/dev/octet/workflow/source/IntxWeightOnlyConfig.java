package dev.octet.workflow.source;

import dev.octet.api.error.OctetException;
import dev.octet.api.spec.NumericProfile.ZeroPointOrder;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import java.util.Optional;

/**
 * Weights of 1 to 8 bits, dequantized before the layer computes in float: torchao's configuration
 * of this name. Integers: {@link RoundedRule} with the smallest normal number of the precision as
 * floor, the zero point added after rounding.
 *
 * @param weightBits how many bits a weight has, 1 to 8
 * @param granularity which weights share a scale; one for each row by default
 * @param mappingType how a range of weights becomes a scale
 * @param precision the type that weights, activations and results are rounded to
 * @param scalesPrecision the type of the scales of weights
 * @param paddingAllowed whether a layer whose inputs the group size does not divide is quantized,
 *     as if zeros filled its last group; torchao has no such option
 * @param chooseQparamsAlgorithm how scales are found
 */
public record IntxWeightOnlyConfig(
    int weightBits,
    WeightGranularity granularity,
    Mapping mappingType,
    FloatPrecision precision,
    FloatPrecision scalesPrecision,
    boolean paddingAllowed,
    ScaleAlgorithm chooseQparamsAlgorithm)
    implements SourceScheme {

  private static final int MOST_BITS = 8;

  /**
   * Checks that what is said goes together.
   *
   * @throws OctetException {@code OCT-SRC-004} if it does not: see {@link RoundedRule}
   */
  public IntxWeightOnlyConfig(
      int weightBits,
      WeightGranularity granularity,
      Mapping mappingType,
      FloatPrecision precision,
      FloatPrecision scalesPrecision,
      boolean paddingAllowed,
      ScaleAlgorithm chooseQparamsAlgorithm) {
    this.weightBits = weightBits;
    this.granularity = granularity;
    this.mappingType = mappingType;
    this.precision = precision;
    this.scalesPrecision = scalesPrecision;
    this.paddingAllowed = paddingAllowed;
    this.chooseQparamsAlgorithm = chooseQparamsAlgorithm;
    SourceErrors.requireSound(this);
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public LayerRule rule() {
    if (weightBits < 1 || weightBits > MOST_BITS) {
      throw new IllegalArgumentException("weights of " + weightBits + " bits; there are 1 to 8");
    }
    long half = 1L << (weightBits - 1);
    RoundedRule weights =
        new RoundedRule(
            -half,
            half - 1,
            mappingType,
            precision,
            scalesPrecision,
            precision.smallestNormal(),
            ZeroPointOrder.AFTER_ROUNDING);
    return new LayerRule(
        weights,
        granularity,
        chooseQparamsAlgorithm,
        Optional.empty(),
        paddingAllowed,
        Optional.empty());
  }

  /** Collects what the scheme says. Not thread-safe. */
  public static final class Builder extends IntxBuilder<Builder> {

    private Builder() {
      super(WeightGranularity.perRow());
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Returns the scheme.
     *
     * @throws OctetException {@code OCT-SRC-004} if what was set does not go together: see {@link
     *     RoundedRule} and {@link WeightGranularity}
     */
    public IntxWeightOnlyConfig build() {
      return weights();
    }
  }
}
