package dev.octet.workflow.source;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.NumericProfile.ZeroPointOrder;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import java.util.Optional;

/**
 * 4-bit weights with a scale for each group of inputs, and activations that become 8-bit integers
 * while the model runs, with a scale and a zero point for each token: torchao's class of this name.
 *
 * <p>Integers of weights: {@link RoundedRule} with the smallest normal number of the precision as
 * floor, the zero point added before rounding. Those of activations: asymmetric, with the float32
 * epsilon 2^-23 as floor and float32 scales. What torchao does otherwise is a defect there: a layer
 * whose inputs the group size does not divide stays float and is reported, and {@code
 * paddingAllowed} is obeyed.
 *
 * @param groupSize how many neighbouring inputs share a scale
 * @param paddingAllowed whether a layer whose inputs the group size does not divide is quantized,
 *     as if zeros filled its last group
 * @param precision the type that weights, activations and results are rounded to
 * @param scalesPrecision the type of the scales of weights
 * @param mappingType how a range of weights becomes a scale
 * @param chooseQparamsAlgorithm how scales are found; torchao's class takes the range alone
 */
public record Int8DynActInt4WeightQuantizer(
    int groupSize,
    boolean paddingAllowed,
    FloatPrecision precision,
    FloatPrecision scalesPrecision,
    Mapping mappingType,
    ScaleAlgorithm chooseQparamsAlgorithm)
    implements SourceScheme {

  /**
   * Checks that what is said goes together.
   *
   * @throws OctetException {@code OCT-SRC-004} if it does not: see {@link RoundedRule} and {@link
   *     WeightGranularity}
   */
  public Int8DynActInt4WeightQuantizer(
      int groupSize,
      boolean paddingAllowed,
      FloatPrecision precision,
      FloatPrecision scalesPrecision,
      Mapping mappingType,
      ScaleAlgorithm chooseQparamsAlgorithm) {
    this.groupSize = groupSize;
    this.paddingAllowed = paddingAllowed;
    this.precision = precision;
    this.scalesPrecision = scalesPrecision;
    this.mappingType = mappingType;
    this.chooseQparamsAlgorithm = chooseQparamsAlgorithm;
    SourceErrors.requireSound(this);
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public LayerRule rule() {
    RoundedRule weights =
        new RoundedRule(
            -8,
            7,
            mappingType,
            precision,
            scalesPrecision,
            precision.smallestNormal(),
            ZeroPointOrder.BEFORE_ROUNDING);
    RoundedRule activations =
        new RoundedRule(
            Byte.MIN_VALUE,
            Byte.MAX_VALUE,
            Mapping.ASYMMETRIC,
            precision,
            FloatPrecision.FLOAT32,
            NumericProfile.FLOAT32_EPSILON,
            ZeroPointOrder.AFTER_ROUNDING);
    return new LayerRule(
        weights,
        WeightGranularity.perGroup(groupSize),
        chooseQparamsAlgorithm,
        Optional.empty(),
        paddingAllowed,
        Optional.of(new LayerRule.Activations(activations, true)));
  }

  /**
   * Quantizes the linear layers of a model, see {@link SourceQuantization#quantize(Model,
   * SourceScheme)}.
   */
  public SourceQuantized quantize(Model model) {
    return SourceQuantization.quantize(model, this);
  }

  /** Collects what the scheme says. Not thread-safe. */
  public static final class Builder extends WeightBuilder<Builder> {
    private int groupSize = 256;

    private Builder() {}

    /** Sets how many neighbouring inputs share a scale; {@code 256} by default. */
    public Builder groupSize(int chosen) {
      this.groupSize = chosen;
      return this;
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
    public Int8DynActInt4WeightQuantizer build() {
      return new Int8DynActInt4WeightQuantizer(
          groupSize,
          paddingAllowed(),
          precision(),
          scalesPrecision(),
          mappingType(),
          chooseQparamsAlgorithm());
    }
  }
}
