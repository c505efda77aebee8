package dev.octet.workflow.plan;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.execute.SubgraphValues;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A value of a graph or of one of its subgraphs, with where it comes from and who reads it.
 *
 * @param name the value's name; values of sibling subgraphs may have the same
 * @param path the name by which it is observed, as {@link SubgraphValues} gives it
 * @param definition the result that defines it; empty for inputs and constants
 * @param input the input by which the caller of the whole graph supplies it
 * @param constant its content, when it is a constant
 * @param isOutput whether the graph that defines it hands it out, or a subgraph returns it
 * @param output the output by which the caller of the whole graph gets it
 * @param uses the operands that read it, subgraphs included, in the order of the nodes
 * @param firstNode the first node of the graph that defines it
 */
public record GraphValue(
    String name,
    String path,
    Optional<Point> definition,
    Optional<Point> input,
    Optional<Tensor> constant,
    boolean isOutput,
    Optional<Point> output,
    List<Point> uses,
    String firstNode) {

  /** Copies the list. */
  public GraphValue {
    uses = List.copyOf(uses);
  }

  /** Returns this value with another content. */
  public GraphValue withConstant(Tensor content) {
    return new GraphValue(
        name, path, definition, input, Optional.of(content), isOutput, output, uses, firstNode);
  }

  /** Returns all points where it stands: where it comes from, who reads it, who gets it. */
  public List<Point> points() {
    List<Point> points = new ArrayList<>(uses.size() + 2);
    definition.ifPresent(points::add);
    input.ifPresent(points::add);
    points.addAll(uses);
    output.ifPresent(points::add);
    return points;
  }

  /**
   * Returns the values of a graph and of its subgraphs in a fixed order: inputs, constants, then
   * results in the order of the nodes, each node before its subgraphs; graphs without nodes have
   * none.
   */
  public static List<GraphValue> of(Graph graph) {
    IdentityHashMap<Graph, String> prefixes = new IdentityHashMap<>();
    SubgraphValues.graphs(graph).forEach((prefix, within) -> prefixes.put(within, prefix));
    return GraphValues.of(graph).values().stream()
        .filter(value -> !value.graph().nodes().isEmpty())
        .map(value -> of(value, Objects.requireNonNull(prefixes.get(value.graph()))))
        .toList();
  }

  private static GraphValue of(GraphValues.Value value, String prefix) {
    return new GraphValue(
        value.name(),
        prefix + value.name(),
        value.definition(),
        value.input(),
        value.constant(),
        value.isOutput(),
        value.output(),
        value.uses().stream().map(GraphValues.Use::point).toList(),
        value.graph().nodes().get(0).name());
  }

  /** Returns the path and the number of uses. */
  @Override
  public String toString() {
    return "value '" + path + "' with " + uses.size() + " uses";
  }
}
