package dev.octet.api.provider;

import dev.octet.api.graph.OpType;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizedType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Something a backend quantizes and runs: a chain of operators with types, granularities, mode, and
 * the conditions under which it holds.
 *
 * @param pattern the operators of the chain, in data-flow order; at least one
 * @param activation the type of quantized activations; empty when activations stay float
 * @param weight the type of quantized constants; empty when the pattern has none
 * @param weightGranularity which elements of a constant share a scale; empty when the pattern has
 *     none
 * @param mode when parameters are found
 * @param constraints conditions, all of which must hold
 */
public record Capability(
    List<OpType> pattern,
    Optional<QuantizedType> activation,
    Optional<QuantizedType> weight,
    Optional<Granularity> weightGranularity,
    Mode mode,
    List<Constraint> constraints) {

  /** Copies the lists; the pattern must not be empty. */
  public Capability {
    pattern = List.copyOf(pattern);
    constraints = List.copyOf(constraints);
    Objects.requireNonNull(mode, "mode");
    if (pattern.isEmpty()) {
      throw new IllegalArgumentException("a capability needs an operator");
    }
  }
}
