package dev.octet.workflow.source;

import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import java.util.Objects;
import java.util.Optional;

/**
 * 8-bit weights, dequantized before the layer computes in float: torchao's configuration of this
 * name. Integers: {@link RoundedRule}, symmetric, with the float32 epsilon 2^-23 as floor and
 * float32 scales.
 *
 * @param granularity which weights share a scale
 * @param precision the type that weights, activations and results are rounded to
 */
public record Int8WeightOnlyConfig(WeightGranularity granularity, FloatPrecision precision)
    implements SourceScheme {

  /** Checks that no component is null. */
  public Int8WeightOnlyConfig {
    Objects.requireNonNull(granularity, "granularity");
    Objects.requireNonNull(precision, "precision");
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public LayerRule rule() {
    RoundedRule weights =
        Int8Numbers.rule(Byte.MIN_VALUE, Byte.MAX_VALUE, Mapping.SYMMETRIC, precision);
    return new LayerRule(
        weights, granularity, ScaleAlgorithm.AFFINE, Optional.empty(), false, Optional.empty());
  }

  /** Collects what the scheme says. Not thread-safe. */
  public static final class Builder extends SchemeBuilder<Builder> {
    private WeightGranularity granularity = WeightGranularity.perRow();

    private Builder() {}

    /** Sets which weights share a scale; one for each row by default. */
    public Builder granularity(WeightGranularity chosen) {
      this.granularity = chosen;
      return this;
    }

    @Override
    Builder self() {
      return this;
    }

    /** Returns the scheme. */
    public Int8WeightOnlyConfig build() {
      return new Int8WeightOnlyConfig(granularity, precision());
    }
  }
}
