package dev.octet.kernels.execute;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.kernels.array.Constant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The values of a graph that are known when it is planned. Some are the same in every plan of the
 * loaded model, and nodes are compiled with them; others follow from the sizes or contents of
 * inputs. Not thread-safe.
 */
final class KnownValues {

  private final Map<String, Constant> values = new HashMap<>();
  private final Set<String> ofModel = new HashSet<>();

  /** Starts with the constants of a main graph. */
  KnownValues(CompiledGraph compiled) {
    addInitializers(compiled);
  }

  private KnownValues(KnownValues around) {
    values.putAll(around.values);
    ofModel.addAll(around.ofModel);
  }

  /**
   * Returns what is known in a subgraph: its constants, and values of the graphs around it that
   * none of its own hides.
   *
   * @param given its inputs, and the values around it that it is given in runs
   */
  KnownValues in(Graph subgraph, CompiledGraph compiled, Collection<String> given) {
    KnownValues inner = new KnownValues(this);
    given.forEach(inner::remove);
    for (Node node : subgraph.nodes()) {
      node.results().forEach(inner::remove);
    }
    inner.addInitializers(compiled);
    return inner;
  }

  private void addInitializers(CompiledGraph compiled) {
    values.putAll(compiled.initializers());
    ofModel.addAll(compiled.initializers().keySet());
  }

  private void remove(String name) {
    values.remove(name);
    ofModel.remove(name);
  }

  /** Adds a value that is the same in every plan. */
  void addOfModel(String name, Constant value) {
    values.put(name, value);
    ofModel.add(name);
  }

  /** Adds a value that other inputs would change. */
  void add(String name, Constant value) {
    values.put(name, value);
  }

  /** Tells whether a value is known. */
  boolean has(String name) {
    return values.containsKey(name);
  }

  /** Returns a known value. */
  Optional<Constant> find(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** Returns a known value that is the same in every plan. */
  Optional<Constant> findOfModel(String name) {
    return ofModel.contains(name) ? find(name) : Optional.empty();
  }

  /** Tells whether all operands of a node are known or left out. */
  boolean hasAll(Node node) {
    return node.operands().stream().allMatch(name -> name.isEmpty() || has(name));
  }

  /** Tells whether all operands of a node are left out or the same in every plan. */
  boolean hasAllOfModel(Node node) {
    return node.operands().stream().allMatch(name -> name.isEmpty() || ofModel.contains(name));
  }

  /** Visits the known values. */
  void forEach(BiConsumer<String, Constant> visitor) {
    values.forEach(visitor);
  }
}
