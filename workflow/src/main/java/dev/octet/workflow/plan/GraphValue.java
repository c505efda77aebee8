package dev.octet.workflow.plan;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.kernels.execute.SubgraphValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value of a graph or of one of its subgraphs, with where it comes from and who reads it.
 *
 * @param name the value's name; values of sibling subgraphs may have the same
 * @param path the name by which it is observed, as {@link SubgraphValues} gives it
 * @param definition the result that defines it; empty for inputs and constants
 * @param constant its content, when it is a constant
 * @param isOutput whether it is an output of the graph that defines it
 * @param uses the operands that read it, subgraphs included, in the order of the nodes
 * @param firstNode the first node of the graph that defines it
 */
public record GraphValue(
    String name,
    String path,
    Optional<Point> definition,
    Optional<Tensor> constant,
    boolean isOutput,
    List<Point> uses,
    String firstNode) {

  /** Copies the list. */
  public GraphValue {
    uses = List.copyOf(uses);
  }

  /**
   * Returns the values of a graph and of its subgraphs in a fixed order: inputs, constants, then
   * results in the order of the nodes, each node before its subgraphs; graphs without nodes have
   * none.
   */
  public static List<GraphValue> of(Graph graph) {
    List<Draft> drafts = new ArrayList<>();
    new Scope(graph, "", null, drafts).visit();
    return drafts.stream().map(Draft::finish).toList();
  }

  /** A value whose readers are being collected. */
  private record Draft(GraphValue value, List<Point> uses) {

    private GraphValue finish() {
      return new GraphValue(
          value.name,
          value.path,
          value.definition,
          value.constant,
          value.isOutput,
          uses,
          value.firstNode);
    }
  }

  /** The values that one graph defines, and those of the graphs around it. */
  private static final class Scope {
    private final Graph graph;
    private final String prefix;
    private final @Nullable Scope outer;
    private final List<Draft> drafts;
    private final Map<String, Draft> defined = new HashMap<>();

    private Scope(Graph graph, String prefix, @Nullable Scope outer, List<Draft> drafts) {
      this.graph = graph;
      this.prefix = prefix;
      this.outer = outer;
      this.drafts = drafts;
    }

    private void visit() {
      if (graph.nodes().isEmpty()) {
        return;
      }
      graph.inputs().stream().map(ValueInfo::name).forEach(v -> define(v, null));
      graph.initializers().keySet().forEach(v -> define(v, null));
      for (Node node : graph.nodes()) {
        for (int i = 0; i < node.operands().size(); i++) {
          use(node.operands().get(i), Point.operand(node.name(), i));
        }
        for (int i = 0; i < node.results().size(); i++) {
          if (!node.results().get(i).isEmpty()) {
            define(node.results().get(i), Point.result(node.name(), i));
          }
        }
        SubgraphValues.of(node).forEach((within, g) -> new Scope(g, within, this, drafts).visit());
      }
    }

    private void define(String name, @Nullable Point definition) {
      GraphValue value =
          new GraphValue(
              name,
              prefix + name,
              Optional.ofNullable(definition),
              Optional.ofNullable(graph.initializers().get(name)),
              graph.isOutput(name),
              List.of(),
              graph.nodes().get(0).name());
      Draft draft = new Draft(value, new ArrayList<>());
      defined.put(name, draft);
      drafts.add(draft);
    }

    private void use(String name, Point operand) {
      for (Scope scope = this; scope != null; scope = scope.outer) {
        Draft draft = scope.defined.get(name);
        if (draft != null) {
          draft.uses.add(operand);
          return;
        }
      }
    }
  }
}
