package dev.octet.workflow.source;

import dev.octet.api.error.OctetException;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * 8-bit weights, dequantized before the layer computes in float: torchao's configuration of this
 * name. Integers: {@link RoundedRule}, symmetric, with the float32 epsilon 2^-23 as floor and
 * float32 scales.
 */
public final class Int8WeightOnlyConfig implements SourceScheme {

  private record Fields(WeightGranularity granularity, FloatPrecision precision) {}

  private final Fields fields;

  private Int8WeightOnlyConfig(Fields fields) {
    this.fields = fields;
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns which weights share a scale. */
  public WeightGranularity granularity() {
    return fields.granularity();
  }

  /** Returns the type that weights, activations and results are rounded to. */
  public FloatPrecision precision() {
    return fields.precision();
  }

  @Override
  public LayerRule rule() {
    RoundedRule weights =
        Int8Numbers.rule(Byte.MIN_VALUE, Byte.MAX_VALUE, Mapping.SYMMETRIC, precision());
    return new LayerRule(weights, granularity(), false, Optional.empty(), precision());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Int8WeightOnlyConfig that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /** Returns everything that the scheme says, for messages. */
  @Override
  public String toString() {
    return "Int8WeightOnlyConfig" + fields.toString().substring("Fields".length());
  }

  /** Collects what the scheme says. Not thread-safe. */
  public static final class Builder {
    private WeightGranularity granularity = WeightGranularity.perRow();
    private FloatPrecision precision = FloatPrecision.FLOAT32;

    private Builder() {}

    /** Sets which weights share a scale; one for each row by default. */
    public Builder granularity(WeightGranularity chosen) {
      this.granularity = chosen;
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
    public Int8WeightOnlyConfig build() {
      return SourceErrors.sound(new Int8WeightOnlyConfig(new Fields(granularity, precision)));
    }
  }
}
