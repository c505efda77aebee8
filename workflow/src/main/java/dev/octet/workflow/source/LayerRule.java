package dev.octet.workflow.source;

import dev.octet.kernels.quantize.CenteredRule;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import java.util.Objects;
import java.util.Optional;

/**
 * What becomes of one linear layer.
 *
 * @param weights how its weight becomes integers
 * @param granularity which weights share a scale
 * @param scales how their scale is found
 * @param floatZeroPoints how their scale and a zero point that is a float are found; empty where
 *     zero points are integers
 * @param padding whether the last group of a row may be shorter than the others, as if zeros stood
 *     behind it
 * @param activations what becomes of its input while the model runs; empty when it stays float
 */
public record LayerRule(
    RoundedRule weights,
    WeightGranularity granularity,
    ScaleAlgorithm scales,
    Optional<Int4ChooseQparamsAlgorithm> floatZeroPoints,
    boolean padding,
    Optional<Activations> activations) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if scales are found without zero points for weights that have
   *     some
   */
  public LayerRule {
    Objects.requireNonNull(weights, "weights");
    Objects.requireNonNull(granularity, "granularity");
    Objects.requireNonNull(scales, "scales");
    Objects.requireNonNull(floatZeroPoints, "floatZeroPoints");
    Objects.requireNonNull(activations, "activations");
    if (scales == ScaleAlgorithm.HQQ_SCALE_ONLY && weights.mapping() != Mapping.SYMMETRIC) {
      throw new IllegalArgumentException(scales + " is for symmetric weights");
    }
  }

  /**
   * Returns the type that the layer's input, its weight, the dequantized activations and its result
   * are rounded to.
   */
  public FloatPrecision precision() {
    return weights.values();
  }

  /**
   * Returns what makes integers of weights once their scale is known: the rule of torchao where
   * that found the scale, and else the same in float32, which rounds nothing but the result.
   */
  RoundedRule rounding() {
    return scales == ScaleAlgorithm.AFFINE
        ? weights
        : new RoundedRule(
            weights.min(),
            weights.max(),
            weights.mapping(),
            FloatPrecision.FLOAT32,
            FloatPrecision.FLOAT32,
            weights.floor(),
            weights.order());
  }

  /** Returns what makes integers from 0 on of weights whose zero points are floats. */
  CenteredRule centered() {
    return new CenteredRule(
        0, weights.max() - weights.min(), weights.values(), weights.scales(), weights.floor());
  }

  /** Tells whether weights have integer zero points other than 0. */
  boolean hasZeroPoints() {
    return weights.mapping() == Mapping.ASYMMETRIC;
  }

  /** Returns this rule with scales that are found in another way. */
  LayerRule withScales(ScaleAlgorithm other) {
    return new LayerRule(weights, granularity, other, floatZeroPoints, padding, activations);
  }

  /** Returns this rule with other activations. */
  LayerRule withActivations(Activations other) {
    return new LayerRule(
        weights, granularity, scales, floatZeroPoints, padding, Optional.of(other));
  }

  /**
   * What becomes of the input of a layer while the model runs.
   *
   * @param rule how it becomes integers
   * @param perToken whether each row of the input has a scale of its own, or all of it has one
   */
  public record Activations(RoundedRule rule, boolean perToken) {
    /** Checks that the rule is not null. */
    public Activations {
      Objects.requireNonNull(rule, "rule");
    }
  }

  /** Returns what becomes of weights and activations, in one line. */
  @Override
  public String toString() {
    return "weights %s..%s in %s by %s, %s"
        .formatted(
            weights.min(),
            weights.max(),
            granularity,
            floatZeroPoints.<Object>map(found -> found).orElse(scales),
            activations.isPresent() ? "activations dynamic" : "activations float");
  }
}
