package dev.octet.workflow.source;

import dev.octet.api.error.OctetException;
import dev.octet.api.spec.NumericProfile.ZeroPointOrder;
import dev.octet.kernels.quantize.CenteredRule;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import java.util.Objects;
import java.util.Optional;

/**
 * 4-bit weights in groups whose zero points are floats, dequantized before the layer computes in
 * float: torchao's configuration of this name. Integers: {@link CenteredRule} with 1e-6 as floor,
 * scales and zero points of the precision. A layer whose inputs the group size does not divide
 * stays float.
 *
 * @param groupSize how many neighbouring inputs share a scale and a zero point, at least 2; 128 by
 *     default
 * @param int4ChooseQparamsAlgorithm how these are found
 * @param precision the type that weights, activations and results are rounded to
 */
public record Int4WeightOnlyConfig(
    int groupSize, Int4ChooseQparamsAlgorithm int4ChooseQparamsAlgorithm, FloatPrecision precision)
    implements SourceScheme {

  private static final float FLOOR = 1e-6f;
  private static final long MIN = -8;
  private static final long MAX = 7;

  /**
   * Checks that what is said goes together.
   *
   * @throws OctetException {@code OCT-SRC-004} if it does not: see {@link WeightGranularity}
   */
  public Int4WeightOnlyConfig(
      int groupSize,
      Int4ChooseQparamsAlgorithm int4ChooseQparamsAlgorithm,
      FloatPrecision precision) {
    this.groupSize = groupSize;
    this.int4ChooseQparamsAlgorithm =
        Objects.requireNonNull(int4ChooseQparamsAlgorithm, "int4ChooseQparamsAlgorithm");
    this.precision = Objects.requireNonNull(precision, "precision");
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
            MIN,
            MAX,
            Mapping.SYMMETRIC,
            precision,
            precision,
            FLOOR,
            ZeroPointOrder.AFTER_ROUNDING);
    return new LayerRule(
        weights,
        WeightGranularity.perGroup(groupSize),
        ScaleAlgorithm.AFFINE,
        Optional.of(int4ChooseQparamsAlgorithm),
        false,
        Optional.empty());
  }

  /** Collects what the scheme says. Not thread-safe. */
  public static final class Builder extends SchemeBuilder<Builder> {
    private int groupSize = 128;
    private Int4ChooseQparamsAlgorithm algorithm = Int4ChooseQparamsAlgorithm.TINYGEMM;

    private Builder() {}

    /** Sets how many neighbouring inputs share a scale and a zero point; 128 by default. */
    public Builder groupSize(int chosen) {
      this.groupSize = chosen;
      return this;
    }

    /** Sets how scales and zero points are found; {@code TINYGEMM} by default. */
    public Builder int4ChooseQparamsAlgorithm(Int4ChooseQparamsAlgorithm chosen) {
      this.algorithm = chosen;
      return this;
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Returns the scheme.
     *
     * @throws OctetException {@code OCT-SRC-004} if the group size is below 2
     */
    public Int4WeightOnlyConfig build() {
      return new Int4WeightOnlyConfig(groupSize, algorithm, precision());
    }
  }
}
