package dev.octet.workflow.source;

import java.util.Objects;

/**
 * What some layers get in the place of the rule of all: those for which each byte that it takes
 * more buys most, as long as all weights together need no more bytes than by a third rule. What it
 * buys is how much less noise rounding to the nearest leaves, as a part of the squares of the
 * weights.
 *
 * @param rule what these layers get; activations as in the rule of all
 * @param most whose bytes all weights together do not exceed
 */
public record FinerLayers(LayerRule rule, LayerRule most) {

  /** Checks that no component is null. */
  public FinerLayers {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(most, "most");
  }
}
