package dev.octet.workflow.source;

import dev.octet.api.error.OctetException;
import dev.octet.api.spec.NumericProfile.ZeroPointOrder;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import java.util.Objects;

/**
 * Weights of 1 to 8 bits, and activations that become 8-bit integers while the model runs, with a
 * scale and a zero point for each token: torchao's configuration of this name. Integers of
 * activations: asymmetric, with the smallest normal number of the precision as floor and scales of
 * the precision.
 *
 * @param weights what becomes of the weights; groups of 32 by default
 */
public record Int8DynamicActivationIntxWeightConfig(IntxWeightOnlyConfig weights)
    implements SourceScheme {

  /** Checks that the component is not null. */
  public Int8DynamicActivationIntxWeightConfig {
    Objects.requireNonNull(weights, "weights");
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public LayerRule rule() {
    FloatPrecision precision = weights.precision();
    RoundedRule activations =
        new RoundedRule(
            Byte.MIN_VALUE,
            Byte.MAX_VALUE,
            Mapping.ASYMMETRIC,
            precision,
            precision,
            precision.smallestNormal(),
            ZeroPointOrder.AFTER_ROUNDING);
    return weights.rule().withActivations(new LayerRule.Activations(activations, true));
  }

  /** Collects what the scheme says. Not thread-safe. */
  public static final class Builder extends IntxBuilder<Builder> {

    private Builder() {
      super(WeightGranularity.perGroup(32));
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
    public Int8DynamicActivationIntxWeightConfig build() {
      return new Int8DynamicActivationIntxWeightConfig(weights());
    }
  }
}
