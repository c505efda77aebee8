package dev.octet.workflow.source;

import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import java.util.Objects;
import java.util.Optional;

/**
 * What becomes of one linear layer.
 *
 * @param weights how its weight becomes integers
 * @param granularity which weights share a scale
 * @param padding whether the last group of a row may be shorter than the others, as if zeros stood
 *     behind it
 * @param activations what becomes of its input while the model runs; empty when it stays float
 */
public record LayerRule(
    RoundedRule weights,
    WeightGranularity granularity,
    boolean padding,
    Optional<Activations> activations) {

  /** Checks that no component is null. */
  public LayerRule {
    Objects.requireNonNull(weights, "weights");
    Objects.requireNonNull(granularity, "granularity");
    Objects.requireNonNull(activations, "activations");
  }

  /**
   * Returns the type that the layer's input, its weight, the dequantized activations and its result
   * are rounded to.
   */
  public FloatPrecision precision() {
    return weights.values();
  }

  /** Returns this rule with other activations. */
  LayerRule withActivations(Activations other) {
    return new LayerRule(weights, granularity, padding, Optional.of(other));
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
}
