package dev.octet.workflow.source;

import dev.octet.api.error.OctetException;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * 8-bit weights, and activations that become 8-bit integers while the model runs: torchao's
 * configuration of this name. Integers: {@link RoundedRule} with the float32 epsilon 2^-23 as floor
 * and float32 scales; weights are symmetric.
 */
public final class Int8DynamicActivationInt8WeightConfig implements SourceScheme {

  private record Fields(
      Mapping actMappingType,
      boolean activationsPerToken,
      WeightGranularity granularity,
      boolean reduceRange,
      FloatPrecision precision) {}

  private final Fields fields;

  private Int8DynamicActivationInt8WeightConfig(Fields fields) {
    this.fields = fields;
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns how a range of activations becomes a scale. */
  public Mapping actMappingType() {
    return fields.actMappingType();
  }

  /** Returns whether each row of activations has a scale of its own, or all of them have one. */
  public boolean activationsPerToken() {
    return fields.activationsPerToken();
  }

  /** Returns which weights share a scale. */
  public WeightGranularity granularity() {
    return fields.granularity();
  }

  /** Returns whether integers of 7 bits, -64 to 63, are used, whose sums of pairs fit 16 bits. */
  public boolean reduceRange() {
    return fields.reduceRange();
  }

  /** Returns the type that weights, activations and results are rounded to. */
  public FloatPrecision precision() {
    return fields.precision();
  }

  @Override
  public LayerRule rule() {
    long min = reduceRange() ? -64 : Byte.MIN_VALUE;
    long max = reduceRange() ? 63 : Byte.MAX_VALUE;
    RoundedRule activations = Int8Numbers.rule(min, max, actMappingType(), precision());
    return new LayerRule(
        Int8Numbers.rule(min, max, Mapping.SYMMETRIC, precision()),
        granularity(),
        false,
        Optional.of(new LayerRule.Activations(activations, activationsPerToken())),
        precision());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Int8DynamicActivationInt8WeightConfig that
        && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /** Returns everything that the scheme says, for messages. */
  @Override
  public String toString() {
    return "Int8DynamicActivationInt8WeightConfig" + fields.toString().substring("Fields".length());
  }

  /** Collects what the scheme says. Not thread-safe. */
  public static final class Builder {
    private Mapping actMappingType = Mapping.SYMMETRIC;
    private boolean activationsPerToken = true;
    private WeightGranularity granularity = WeightGranularity.perRow();
    private boolean reduceRange = false;
    private FloatPrecision precision = FloatPrecision.FLOAT32;

    private Builder() {}

    /** Sets how a range of activations becomes a scale; {@code SYMMETRIC} by default. */
    public Builder actMappingType(Mapping chosen) {
      this.actMappingType = chosen;
      return this;
    }

    /**
     * Sets whether each row of activations has a scale of its own, or all of them have one; {@code
     * true} by default.
     */
    public Builder activationsPerToken(boolean chosen) {
      this.activationsPerToken = chosen;
      return this;
    }

    /** Sets which weights share a scale; one for each row by default. */
    public Builder granularity(WeightGranularity chosen) {
      this.granularity = chosen;
      return this;
    }

    /**
     * Sets whether integers of 7 bits, -64 to 63, are used, whose sums of pairs fit 16 bits; {@code
     * false} by default.
     */
    public Builder reduceRange(boolean chosen) {
      this.reduceRange = chosen;
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

    /**
     * Returns the scheme.
     *
     * @throws OctetException {@code OCT-SRC-004} if what was set does not go together: see {@link
     *     RoundedRule} and {@link WeightGranularity}
     */
    public Int8DynamicActivationInt8WeightConfig build() {
      return SourceErrors.sound(
          new Int8DynamicActivationInt8WeightConfig(
              new Fields(
                  actMappingType, activationsPerToken, granularity, reduceRange, precision)));
    }
  }
}
