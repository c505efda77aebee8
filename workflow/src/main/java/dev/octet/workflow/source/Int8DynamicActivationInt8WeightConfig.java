package dev.octet.workflow.source;

import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import java.util.Objects;
import java.util.Optional;

/**
 * 8-bit weights, and activations that become 8-bit integers while the model runs: torchao's
 * configuration of this name. Integers: {@link RoundedRule} with the float32 epsilon 2^-23 as floor
 * and float32 scales; weights are symmetric.
 *
 * @param actMappingType how a range of activations becomes a scale
 * @param activationsPerToken whether each row of activations has a scale of its own, or all of them
 *     have one
 * @param granularity which weights share a scale
 * @param reduceRange whether integers of 7 bits, -64 to 63, are used, whose sums of pairs fit 16
 *     bits
 * @param precision the type that weights, activations and results are rounded to
 */
public record Int8DynamicActivationInt8WeightConfig(
    Mapping actMappingType,
    boolean activationsPerToken,
    WeightGranularity granularity,
    boolean reduceRange,
    FloatPrecision precision)
    implements SourceScheme {

  /** Checks that no component is null. */
  public Int8DynamicActivationInt8WeightConfig {
    Objects.requireNonNull(actMappingType, "actMappingType");
    Objects.requireNonNull(granularity, "granularity");
    Objects.requireNonNull(precision, "precision");
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public LayerRule rule() {
    long min = reduceRange ? -64 : Byte.MIN_VALUE;
    long max = reduceRange ? 63 : Byte.MAX_VALUE;
    RoundedRule activations = Int8Numbers.rule(min, max, actMappingType, precision);
    return new LayerRule(
        Int8Numbers.rule(min, max, Mapping.SYMMETRIC, precision),
        granularity,
        ScaleAlgorithm.AFFINE,
        Optional.empty(),
        false,
        Optional.of(new LayerRule.Activations(activations, activationsPerToken)));
  }

  /** Collects what the scheme says. Not thread-safe. */
  public static final class Builder extends SchemeBuilder<Builder> {
    private Mapping actMappingType = Mapping.SYMMETRIC;
    private boolean activationsPerToken = true;
    private WeightGranularity granularity = WeightGranularity.perRow();
    private boolean reduceRange = false;

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

    @Override
    Builder self() {
      return this;
    }

    /** Returns the scheme. */
    public Int8DynamicActivationInt8WeightConfig build() {
      return new Int8DynamicActivationInt8WeightConfig(
          actMappingType, activationsPerToken, granularity, reduceRange, precision());
    }
  }
}
