package dev.octet.api.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of nodes that a pass replaced: old name to the names of the nodes that do its work
 * now; an empty list for a node that is gone.
 *
 * <p>Nodes that are not mentioned kept their names. Immutable.
 *
 * @param replaced the replacements by old name
 */
public record NameMapping(SortedMap<String, List<String>> replaced) {

  /** Copies the map and its lists. */
  public NameMapping {
    SortedMap<String, List<String>> copy = new TreeMap<>();
    replaced.forEach((oldName, newNames) -> copy.put(oldName, List.copyOf(newNames)));
    replaced = Collections.unmodifiableSortedMap(copy);
  }

  /** Returns the mapping of a pass that replaced nothing. */
  public static NameMapping identity() {
    return new NameMapping(new TreeMap<>());
  }

  /** Returns the nodes that do a node's work now: itself when it was not replaced. */
  public List<String> currentNames(String oldName) {
    return replaced.getOrDefault(oldName, List.of(oldName));
  }

  /** Returns the mapping of this pass followed by another one. */
  public NameMapping then(NameMapping next) {
    SortedMap<String, List<String>> both = new TreeMap<>(next.replaced);
    replaced.forEach(
        (oldName, names) -> {
          List<String> current = new ArrayList<>();
          names.forEach(name -> current.addAll(next.currentNames(name)));
          both.put(oldName, current);
        });
    return new NameMapping(both);
  }
}
