package dev.octet.api.graph;

import dev.octet.api.text.Brief;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A whole model: the main graph and the operator sets that its nodes mean. Immutable.
 *
 * @param graph the main graph
 * @param opsets the operator set version of each domain; the default domain is the empty name
 * @param metadata free text by key, in the order of the file; the keys that begin with {@code
 *     octet.} are Octet's
 * @param origin what the format keeps of the rest of the file; empty for models that Octet made
 */
public record Model(
    Graph graph,
    SortedMap<String, Long> opsets,
    Map<String, String> metadata,
    Optional<Origin> origin) {

  /** Copies the maps. */
  public Model {
    Objects.requireNonNull(graph, "graph");
    opsets = Collections.unmodifiableSortedMap(new TreeMap<>(opsets));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    Objects.requireNonNull(origin, "origin");
  }

  /** Returns a model that Octet made, on one version of the default operator set. */
  public static Model of(Graph graph, long opset) {
    return new Model(graph, new TreeMap<>(Map.of("", opset)), Map.of(), Optional.empty());
  }

  /** Returns the version of the default operator set; 0 when the model imports none. */
  public long opset() {
    return opsets.getOrDefault("", 0L);
  }

  /** Returns this model with another main graph. */
  public Model withGraph(Graph newGraph) {
    return new Model(newGraph, opsets, metadata, origin);
  }

  /** Returns this model with another version of one operator set. */
  public Model withOpset(String domain, long version) {
    SortedMap<String, Long> changed = new TreeMap<>(opsets);
    changed.put(domain, version);
    return new Model(graph, changed, metadata, origin);
  }

  /** Returns this model with entries put over those of its metadata. */
  public Model withMetadata(Map<String, String> entries) {
    Map<String, String> changed = new LinkedHashMap<>(metadata);
    changed.putAll(entries);
    return new Model(graph, opsets, changed, origin);
  }

  /** Returns the graph and the operator sets, in one line. */
  @Override
  public String toString() {
    return "model of " + graph + ", operator sets " + Brief.list(opsets.entrySet());
  }
}
