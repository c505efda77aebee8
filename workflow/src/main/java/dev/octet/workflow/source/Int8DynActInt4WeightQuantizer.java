package dev.octet.workflow.source;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.NumericProfile.ZeroPointOrder;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * 4-bit weights with a scale for each group of inputs, and activations that become 8-bit integers
 * while the model runs, with a scale and a zero point for each token: torchao's class of this name.
 *
 * <p>Integers of weights: {@link RoundedRule} with the smallest normal number of the precision as
 * floor, the zero point added before rounding. Those of activations: asymmetric, with the float32
 * epsilon 2^-23 as floor and float32 scales. What torchao does otherwise is a defect there: a layer
 * whose inputs the group size does not divide stays float and is reported, and {@code
 * paddingAllowed} is obeyed.
 */
public final class Int8DynActInt4WeightQuantizer implements SourceScheme {

  private record Fields(
      int groupSize,
      boolean paddingAllowed,
      FloatPrecision precision,
      FloatPrecision scalesPrecision,
      Mapping mappingType) {}

  private final Fields fields;

  private Int8DynActInt4WeightQuantizer(Fields fields) {
    this.fields = fields;
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns how many neighbouring inputs share a scale. */
  public int groupSize() {
    return fields.groupSize();
  }

  /**
   * Returns whether a layer whose inputs the group size does not divide is quantized, as if zeros
   * filled its last group.
   */
  public boolean paddingAllowed() {
    return fields.paddingAllowed();
  }

  /** Returns the type that weights, activations and results are rounded to. */
  public FloatPrecision precision() {
    return fields.precision();
  }

  /** Returns the type of the scales of weights. */
  public FloatPrecision scalesPrecision() {
    return fields.scalesPrecision();
  }

  /** Returns how a range of weights becomes a scale. */
  public Mapping mappingType() {
    return fields.mappingType();
  }

  @Override
  public LayerRule rule() {
    RoundedRule weights =
        new RoundedRule(
            -8,
            7,
            mappingType(),
            precision(),
            scalesPrecision(),
            precision().smallestNormal(),
            ZeroPointOrder.BEFORE_ROUNDING);
    RoundedRule activations =
        new RoundedRule(
            Byte.MIN_VALUE,
            Byte.MAX_VALUE,
            Mapping.ASYMMETRIC,
            precision(),
            FloatPrecision.FLOAT32,
            NumericProfile.FLOAT32_EPSILON,
            ZeroPointOrder.AFTER_ROUNDING);
    return new LayerRule(
        weights,
        WeightGranularity.perGroup(groupSize()),
        paddingAllowed(),
        Optional.of(new LayerRule.Activations(activations, true)),
        precision());
  }

  /**
   * Quantizes the linear layers of a model, see {@link SourceQuantization#quantize(Model,
   * SourceScheme)}.
   */
  public SourceQuantized quantize(Model model) {
    return SourceQuantization.quantize(model, this);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Int8DynActInt4WeightQuantizer that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /** Returns everything that the scheme says, for messages. */
  @Override
  public String toString() {
    return "Int8DynActInt4WeightQuantizer" + fields.toString().substring("Fields".length());
  }

  /** Collects what the scheme says. Not thread-safe. */
  public static final class Builder {
    private int groupSize = 256;
    private boolean paddingAllowed = false;
    private FloatPrecision precision = FloatPrecision.FLOAT32;
    private FloatPrecision scalesPrecision = FloatPrecision.FLOAT32;
    private Mapping mappingType = Mapping.SYMMETRIC;

    private Builder() {}

    /** Sets how many neighbouring inputs share a scale; {@code 256} by default. */
    public Builder groupSize(int chosen) {
      this.groupSize = chosen;
      return this;
    }

    /**
     * Sets whether a layer whose inputs the group size does not divide is quantized, as if zeros
     * filled its last group; {@code false} by default.
     */
    public Builder paddingAllowed(boolean chosen) {
      this.paddingAllowed = chosen;
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

    /** Sets how a range of weights becomes a scale; {@code SYMMETRIC} by default. */
    public Builder mappingType(Mapping chosen) {
      this.mappingType = chosen;
      return this;
    }

    /**
     * Returns the scheme.
     *
     * @throws OctetException {@code OCT-SRC-004} if what was set does not go together: see {@link
     *     RoundedRule} and {@link WeightGranularity}
     */
    public Int8DynActInt4WeightQuantizer build() {
      return SourceErrors.sound(
          new Int8DynActInt4WeightQuantizer(
              new Fields(groupSize, paddingAllowed, precision, scalesPrecision, mappingType)));
    }
  }
}
