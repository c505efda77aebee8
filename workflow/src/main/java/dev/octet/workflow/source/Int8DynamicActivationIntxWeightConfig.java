package dev.octet.workflow.source;

import dev.octet.api.error.OctetException;
import dev.octet.api.spec.NumericProfile.ZeroPointOrder;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Weights of 1 to 8 bits, and activations that become 8-bit integers while the model runs, with a
 * scale and a zero point for each token: torchao's configuration of this name. Integers of weights:
 * as {@link IntxWeightOnlyConfig}; those of activations: asymmetric, with the smallest normal
 * number of the precision as floor and scales of the precision.
 */
public final class Int8DynamicActivationIntxWeightConfig implements SourceScheme {

  private record Fields(
      int weightBits,
      WeightGranularity granularity,
      Mapping mappingType,
      FloatPrecision precision,
      FloatPrecision scalesPrecision) {}

  private final Fields fields;

  private Int8DynamicActivationIntxWeightConfig(Fields fields) {
    this.fields = fields;
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns how many bits a weight has, 1 to 8. */
  public int weightBits() {
    return fields.weightBits();
  }

  /** Returns which weights share a scale. */
  public WeightGranularity granularity() {
    return fields.granularity();
  }

  /** Returns how a range of weights becomes a scale. */
  public Mapping mappingType() {
    return fields.mappingType();
  }

  /** Returns the type that weights, activations and results are rounded to. */
  public FloatPrecision precision() {
    return fields.precision();
  }

  /** Returns the type of the scales of weights. */
  public FloatPrecision scalesPrecision() {
    return fields.scalesPrecision();
  }

  @Override
  public LayerRule rule() {
    RoundedRule activations =
        new RoundedRule(
            Byte.MIN_VALUE,
            Byte.MAX_VALUE,
            Mapping.ASYMMETRIC,
            precision(),
            precision(),
            precision().smallestNormal(),
            ZeroPointOrder.AFTER_ROUNDING);
    return new LayerRule(
        IntxWeights.rule(weightBits(), mappingType(), precision(), scalesPrecision()),
        granularity(),
        false,
        Optional.of(new LayerRule.Activations(activations, true)),
        precision());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Int8DynamicActivationIntxWeightConfig that
        && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /** Returns everything that the scheme says, for messages. */
  @Override
  public String toString() {
    return "Int8DynamicActivationIntxWeightConfig" + fields.toString().substring("Fields".length());
  }

  /** Collects what the scheme says. Not thread-safe. */
  public static final class Builder {
    private int weightBits = 8;
    private WeightGranularity granularity = WeightGranularity.perGroup(32);
    private Mapping mappingType = Mapping.SYMMETRIC;
    private FloatPrecision precision = FloatPrecision.FLOAT32;
    private FloatPrecision scalesPrecision = FloatPrecision.FLOAT32;

    private Builder() {}

    /** Sets how many bits a weight has, 1 to 8; {@code 8} by default. */
    public Builder weightBits(int chosen) {
      this.weightBits = chosen;
      return this;
    }

    /** Sets which weights share a scale; groups of 32 by default. */
    public Builder granularity(WeightGranularity chosen) {
      this.granularity = chosen;
      return this;
    }

    /** Sets how a range of weights becomes a scale; {@code SYMMETRIC} by default. */
    public Builder mappingType(Mapping chosen) {
      this.mappingType = chosen;
      return this;
    }

    /**
     * Sets the type that weights, activations and results are rounded to; {@code FLOAT32} by
     * default.
     */
    public Builder precision(FloatPrecision chosen) {
      this.precision = chosen;
      return this;
    }

    /** Sets the type of the scales of weights; {@code FLOAT32} by default. */
    public Builder scalesPrecision(FloatPrecision chosen) {
      this.scalesPrecision = chosen;
      return this;
    }

    /**
     * Returns the scheme.
     *
     * @throws OctetException {@code OCT-SRC-004} if what was set does not go together: see {@link
     *     RoundedRule} and {@link WeightGranularity}
     */
    public Int8DynamicActivationIntxWeightConfig build() {
      return SourceErrors.sound(
          new Int8DynamicActivationIntxWeightConfig(
              new Fields(weightBits, granularity, mappingType, precision, scalesPrecision)));
    }
  }
}
