package dev.octet.workflow.plan;

import dev.octet.api.graph.Point;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds the nodes that cannot stay quantized when others are in float: those derived from them. */
final class DerivedFromFloat {

  private DerivedFromFloat() {}

  /**
   * Returns the reasons of nodes that are to be in float, and those of the nodes that follow them:
   * nodes with a point whose parameters are derived from a point of one of them.
   */
  static Map<String, String> with(Map<String, String> reasons, Collection<PlannedNode> nodes) {
    Map<String, Collection<String>> derived = derived(nodes);
    Map<String, String> all = new LinkedHashMap<>(reasons);
    Deque<String> open = new ArrayDeque<>(new TreeSet<>(reasons.keySet()));
    while (!open.isEmpty()) {
      String source = open.remove();
      for (String name : derived.getOrDefault(source, List.of())) {
        String reason = "its parameters are derived from '" + source + "', which stays float";
        if (all.putIfAbsent(name, reason) == null) {
          open.add(name);
        }
      }
    }
    return all;
  }

  /** Returns the nodes with a point that is derived from a point of another node, by that node. */
  private static Map<String, Collection<String>> derived(Collection<PlannedNode> nodes) {
    Map<String, Collection<String>> derived = new HashMap<>();
    for (PlannedNode node : nodes) {
      Stream.concat(node.operands().stream(), node.results().stream())
          .flatMap(point -> point.spec().concrete().stream())
          .flatMap(spec -> spec.sources().stream())
          .filter(source -> !source.isBoundary())
          .map(Point::node)
          .forEach(
              source -> derived.computeIfAbsent(source, s -> new TreeSet<>()).add(node.name()));
    }
    return derived;
  }
}
