package dev.octet.workflow.source;

import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

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
 * @param scaleAlgorithm how scales are found
 * @param int4Algorithm how scales and float zero points are found
 */
public record SchemeOptions(
    Optional<Integer> groupSize,
    Optional<Integer> bits,
    Optional<Mapping> mapping,
    Optional<FloatPrecision> precision,
    Optional<FloatPrecision> scalesPrecision,
    Optional<Boolean> padding,
    Optional<ScaleAlgorithm> scaleAlgorithm,
    Optional<Int4ChooseQparamsAlgorithm> int4Algorithm) {

  static final Kind<Integer> GROUP_SIZE = new Kind<>("group-size", SchemeOptions::groupSize);
  static final Kind<Integer> BITS = new Kind<>("bits", SchemeOptions::bits);
  static final Kind<Mapping> MAPPING = new Kind<>("mapping", SchemeOptions::mapping);
  static final Kind<FloatPrecision> PRECISION = new Kind<>("precision", SchemeOptions::precision);
  static final Kind<FloatPrecision> SCALES_PRECISION =
      new Kind<>("scales-precision", SchemeOptions::scalesPrecision);
  static final Kind<Boolean> PADDING = new Kind<>("padding", SchemeOptions::padding);
  static final Kind<ScaleAlgorithm> SCALE_ALGORITHM =
      new Kind<>("scale-algorithm", SchemeOptions::scaleAlgorithm);
  static final Kind<Int4ChooseQparamsAlgorithm> INT4_ALGORITHM =
      new Kind<>("int4-algorithm", SchemeOptions::int4Algorithm);

  /** All of them, in the order in which they are looked at. */
  static final List<Kind<?>> KINDS =
      List.of(
          GROUP_SIZE,
          BITS,
          MAPPING,
          PRECISION,
          SCALES_PRECISION,
          PADDING,
          SCALE_ALGORITHM,
          INT4_ALGORITHM);

  /**
   * An option that a scheme may have.
   *
   * @param word its name
   * @param value reads what was given
   * @param <T> what it says
   */
  record Kind<T>(String word, Function<SchemeOptions, Optional<T>> value) {}

  /** Checks that no component is null. */
  public SchemeOptions {
    Objects.requireNonNull(groupSize, "groupSize");
    Objects.requireNonNull(bits, "bits");
    Objects.requireNonNull(mapping, "mapping");
    Objects.requireNonNull(precision, "precision");
    Objects.requireNonNull(scalesPrecision, "scalesPrecision");
    Objects.requireNonNull(padding, "padding");
    Objects.requireNonNull(scaleAlgorithm, "scaleAlgorithm");
    Objects.requireNonNull(int4Algorithm, "int4Algorithm");
  }

  /** Returns the options that leave everything to the scheme. */
  public static SchemeOptions none() {
    return new SchemeOptions(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Returns the options that are given, in one line. */
  @Override
  public String toString() {
    return KINDS.stream()
        .flatMap(kind -> kind.value().apply(this).stream().map(value -> kind.word() + "=" + value))
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
