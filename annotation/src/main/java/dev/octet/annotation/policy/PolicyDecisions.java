package dev.octet.annotation.policy;

import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.BoundaryDirective;
import dev.octet.api.quantizer.Directive;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a policy says of the nodes, inputs and outputs of one graph. Immutable.
 *
 * @param directives what it says, by node name, in the order of the graph; no entry for nodes of
 *     which it says nothing
 * @param boundary what it says of inputs and outputs, inputs first, in the order of the graph; no
 *     entry for those of which it says nothing
 */
public record PolicyDecisions(
    Map<String, Directive> directives, Map<Point, BoundaryDirective> boundary) {

  /** Copies the maps, keeping their order. */
  public PolicyDecisions {
    directives = Collections.unmodifiableMap(new LinkedHashMap<>(directives));
    boundary = Collections.unmodifiableMap(new LinkedHashMap<>(boundary));
  }

  /** Returns the decisions of a policy that says nothing. */
  public static PolicyDecisions none() {
    return new PolicyDecisions(Map.of(), Map.of());
  }

  /** Returns what the policy says of a node; empty when it says nothing. */
  public Optional<Directive> of(String node) {
    return Optional.ofNullable(directives.get(node));
  }
}
