package dev.octet.api.graph;

import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A whole model: the main graph and the operator sets that its nodes mean. Immutable.
 *
 * @param graph the main graph
 * @param opsets the operator set version of each domain; the default domain is the empty name
 * @param origin what the format keeps of the rest of the file; empty for models that Octet made
 */
public record Model(Graph graph, SortedMap<String, Long> opsets, Optional<Origin> origin) {

  /** Copies the versions. */
  public Model {
    Objects.requireNonNull(graph, "graph");
    opsets = Collections.unmodifiableSortedMap(new TreeMap<>(opsets));
    Objects.requireNonNull(origin, "origin");
  }

  /** Returns a model that Octet made, on one version of the default operator set. */
  public static Model of(Graph graph, long opset) {
    return new Model(graph, new TreeMap<>(java.util.Map.of("", opset)), Optional.empty());
  }

  /** Returns the version of the default operator set; 0 when the model imports none. */
  public long opset() {
    return opsets.getOrDefault("", 0L);
  }

  /** Returns this model with another main graph. */
  public Model withGraph(Graph newGraph) {
    return new Model(newGraph, opsets, origin);
  }

  /** Returns this model with another version of one operator set. */
  public Model withOpset(String domain, long version) {
    SortedMap<String, Long> changed = new TreeMap<>(opsets);
    changed.put(domain, version);
    return new Model(graph, changed, origin);
  }
}
