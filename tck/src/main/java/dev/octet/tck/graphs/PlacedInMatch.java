package dev.octet.tck.graphs;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.pattern.PlacedNode;
import dev.octet.api.provider.Capability;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A node in the place of a capability's step, as whoever matches would see it.
 *
 * @param view the node
 * @param before the nodes of earlier steps, by their numbers
 * @param entry the operand that reads the step from which the node is found; -1 for the first
 * @param quantized tells of the point where a value is defined whether another match quantizes it
 */
public record PlacedInMatch(
    NodeView view, SortedMap<Integer, NodeView> before, int entry, Predicate<Point> quantized)
    implements PlacedNode {

  /** Copies the map. */
  public PlacedInMatch {
    before = Collections.unmodifiableSortedMap(new TreeMap<>(before));
  }

  /** Puts a node in the place of the first step. */
  public static PlacedInMatch first(NodeView view, Predicate<Point> quantized) {
    return new PlacedInMatch(view, new TreeMap<>(), -1, quantized);
  }

  /**
   * Returns the conditions of a capability that do not hold for the nodes of a match.
   *
   * @param capability the capability
   * @param nodes the nodes in the places of its steps, by their numbers; some may not be there yet
   * @param quantized tells of the point where a value is defined whether another match quantizes it
   */
  public static List<Capability.StepCondition> broken(
      Capability capability,
      SortedMap<Integer, GraphValues.Member> nodes,
      Predicate<Point> quantized) {
    return broken(capability, nodes, quantized, List::of);
  }

  /**
   * Returns the conditions that do not hold for nodes that may do the work of several nodes of the
   * user's model; see {@link #broken(Capability, SortedMap, Predicate)}.
   *
   * @param userNodes gives the nodes of the user's model whose work a node does
   */
  public static List<Capability.StepCondition> broken(
      Capability capability,
      SortedMap<Integer, GraphValues.Member> nodes,
      Predicate<Point> quantized,
      Function<Node, List<Node>> userNodes) {
    SortedMap<Integer, NodeView> before = new TreeMap<>();
    List<Capability.StepCondition> broken = new ArrayList<>();
    nodes.forEach(
        (step, node) -> {
          NodeView view = NodeView.of(node, userNodes);
          PlacedInMatch placed =
              new PlacedInMatch(view, before, entry(capability, step, view, before), quantized);
          for (Capability.StepCondition asked : capability.conditions()) {
            if (asked.step() == step && asked.condition().failure(placed).isPresent()) {
              broken.add(asked);
            }
          }
          before.put(step, placed.view());
        });
    return broken;
  }

  /** A later step is found as a reader of the first step that its edges name. */
  private static int entry(
      Capability capability, int step, NodeView view, SortedMap<Integer, NodeView> before) {
    Optional<Capability.Edge> edge =
        capability.edges().stream().filter(e -> e.reader() == step).findFirst();
    NodeView read = edge.map(e -> before.get(e.producer())).orElse(null);
    for (int operand = 0; read != null && operand < view.node().operands().size(); operand++) {
      if (view.reads(operand, read, 0) && edge.get().operand().orElse(operand) == operand) {
        return operand;
      }
    }
    return -1;
  }

  /**
   * Tells whether every condition of a capability holds for nodes of a graph.
   *
   * @param names the names of the nodes in the places of its steps
   */
  public static boolean holds(
      Capability capability, Graph graph, List<String> names, Predicate<Point> quantized) {
    GraphValues values = GraphValues.of(graph);
    SortedMap<Integer, GraphValues.Member> nodes = new TreeMap<>();
    for (int step = 0; step < names.size(); step++) {
      nodes.put(step, values.member(names.get(step)).orElseThrow());
    }
    return broken(capability, nodes, quantized).isEmpty();
  }

  /**
   * Returns the first value between two of the nodes that is not as the capability says: one that
   * is not read so, or that others read as well.
   *
   * @param nodes the nodes in the places of all steps, by their numbers
   */
  public static Optional<Capability.Edge> brokenEdge(
      Capability capability, SortedMap<Integer, GraphValues.Member> nodes) {
    return capability.edges().stream()
        .filter(
            edge ->
                !holds(
                    edge,
                    Objects.requireNonNull(nodes.get(edge.producer())),
                    Objects.requireNonNull(nodes.get(edge.reader()))))
        .findFirst();
  }

  private static boolean holds(
      Capability.Edge edge, GraphValues.Member producer, GraphValues.Member reader) {
    Optional<GraphValues.Value> value = producer.result(0);
    List<GraphValues.Use> uses = value.map(GraphValues.Value::uses).orElse(List.of());
    boolean alone =
        value.filter(known -> !known.isOutput()).isPresent()
            && uses.stream().allMatch(use -> use.reader().equals(reader));
    return uses.stream()
            .filter(use -> use.reader().equals(reader))
            .anyMatch(use -> edge.operand().orElse(use.operand()) == use.operand())
        && (alone || !edge.alone());
  }

  @Override
  public Optional<NodeView> matched(int step) {
    return Optional.ofNullable(before.get(step));
  }

  @Override
  public boolean isQuantized(int operand) {
    return view.source(operand).filter(quantized).isPresent();
  }

  @Override
  public boolean followsMatch(int operand) {
    return view.definition(operand).filter(quantized).isPresent();
  }
}
