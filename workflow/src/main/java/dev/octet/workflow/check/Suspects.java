package dev.octet.workflow.check;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.workflow.compare.TensorError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The sets of nodes that may be the cause where an error grows from what a node reads to what it
 * gives. A tensor is quantized for all that touch it, so that those around what is read, and those
 * around what is given, are suspects together, alone and with all that lies before.
 */
final class Suspects {

  private final Graph graph;
  private final Set<String> quantized;

  /**
   * Prepares.
   *
   * @param graph the graph whose points are planned
   * @param quantized the names of its quantized nodes
   */
  Suspects(Graph graph, Collection<String> quantized) {
    this.graph = graph;
    this.quantized = Set.copyOf(quantized);
  }

  /** Returns the sets for some falls, the greatest first, smaller sets before larger ones. */
  List<Set<String>> of(List<TensorError> falls) {
    List<List<Set<String>>> sets = new ArrayList<>();
    for (TensorError fall : falls) {
      fall.node().flatMap(graph::node).map(this::around).ifPresent(sets::add);
    }
    Set<Set<String>> ordered = new LinkedHashSet<>();
    for (int kind = 0; kind < KINDS; kind++) {
      for (List<Set<String>> each : sets) {
        ordered.add(each.get(kind));
      }
    }
    ordered.remove(Set.of());
    return List.copyOf(ordered);
  }

  /** The node itself; around its result; around its operands; both; and all before. */
  private static final int KINDS = 5;

  private List<Set<String>> around(Node node) {
    Set<String> result = touching(node.results());
    Set<String> operands = touching(node.operands());
    return List.of(
        kept(Stream.of(node.name())),
        result,
        operands,
        kept(Stream.concat(result.stream(), operands.stream())),
        before(node));
  }

  /** Returns the quantized nodes that give or read some values. */
  private Set<String> touching(List<String> values) {
    return kept(
        values.stream()
            .filter(value -> !value.isEmpty() && !graph.initializers().containsKey(value))
            .flatMap(
                value ->
                    Stream.concat(
                        graph.producer(value).stream().map(Node::name),
                        graph.uses(value).stream().map(Point::node))));
  }

  /** Returns the quantized nodes from which a node's operands are computed, and itself. */
  private Set<String> before(Node last) {
    Set<String> seen = new LinkedHashSet<>(List.of(last.name()));
    Deque<Node> open = new ArrayDeque<>(List.of(last));
    while (!open.isEmpty()) {
      for (String operand : open.pop().operands()) {
        graph.producer(operand).filter(node -> seen.add(node.name())).ifPresent(open::push);
      }
    }
    return kept(seen.stream());
  }

  private Set<String> kept(Stream<String> names) {
    Set<String> kept = new TreeSet<>();
    names.filter(quantized::contains).forEach(kept::add);
    return kept;
  }
}
