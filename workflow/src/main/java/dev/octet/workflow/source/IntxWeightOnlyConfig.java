package dev.octet.workflow.source;

import dev.octet.api.error.OctetException;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Weights of 1 to 8 bits, dequantized before the layer computes in float: torchao's configuration
 * of this name. Integers: {@link RoundedRule} with the smallest normal number of the precision as
 * floor, the zero point added after rounding.
 */
public final class IntxWeightOnlyConfig implements SourceScheme {

  private record Fields(
      int weightBits,
      WeightGranularity granularity,
      Mapping mappingType,
      FloatPrecision precision,
      FloatPrecision scalesPrecision) {}

  private final Fields fields;

  private IntxWeightOnlyConfig(Fields fields) {
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
    return new LayerRule(
        IntxWeights.rule(weightBits(), mappingType(), precision(), scalesPrecision()),
        granularity(),
        false,
        Optional.empty(),
        precision());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IntxWeightOnlyConfig that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /** Returns everything that the scheme says, for messages. */
  @Override
  public String toString() {
    return "IntxWeightOnlyConfig" + fields.toString().substring("Fields".length());
  }

  /** Collects what the scheme says. Not thread-safe. */
  public static final class Builder {
    private int weightBits = 8;
    private WeightGranularity granularity = WeightGranularity.perRow();
    private Mapping mappingType = Mapping.SYMMETRIC;
    private FloatPrecision precision = FloatPrecision.FLOAT32;
    private FloatPrecision scalesPrecision = FloatPrecision.FLOAT32;

    private Builder() {}

    /** Sets how many bits a weight has, 1 to 8; {@code 8} by default. */
    public Builder weightBits(int chosen) {
      this.weightBits = chosen;
      return this;
    }

    /** Sets which weights share a scale; one for each row by default. */
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
    public IntxWeightOnlyConfig build() {
      return SourceErrors.sound(
          new IntxWeightOnlyConfig(
              new Fields(weightBits, granularity, mappingType, precision, scalesPrecision)));
    }
  }
}
