package dev.octet.workflow.source;

import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import java.util.Objects;
import java.util.Optional;

/**
 * What may be said of a scheme beside its name; what is left out is the scheme's default.
 *
 * @param groupSize how many neighbouring inputs share a scale
 * @param bits how many bits a weight has
 * @param mapping how a range becomes a scale: of weights, or of activations where weights are
 *     always symmetric
 * @param precision the type that weights, activations and results are rounded to
 * @param scalesPrecision the type of the scales of weights
 * @param padding whether layers are padded whose inputs the group size does not divide
 */
public record SchemeOptions(
    Optional<Integer> groupSize,
    Optional<Integer> bits,
    Optional<Mapping> mapping,
    Optional<FloatPrecision> precision,
    Optional<FloatPrecision> scalesPrecision,
    Optional<Boolean> padding) {

  /** Checks that no component is null. */
  public SchemeOptions {
    Objects.requireNonNull(groupSize, "groupSize");
    Objects.requireNonNull(bits, "bits");
    Objects.requireNonNull(mapping, "mapping");
    Objects.requireNonNull(precision, "precision");
    Objects.requireNonNull(scalesPrecision, "scalesPrecision");
    Objects.requireNonNull(padding, "padding");
  }

  /** Returns the options that leave everything to the scheme. */
  public static SchemeOptions none() {
    return new SchemeOptions(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  Optional<WeightGranularity> groups() {
    return groupSize.map(WeightGranularity::perGroup);
  }
}
