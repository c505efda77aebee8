package dev.octet.tck.check;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.provider.Capability;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.tck.graphs.Composition;
import dev.octet.tck.subject.Subject;
import dev.octet.workflow.plan.PlannedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What stands at the points of a composition's chain. */
final class Marks {
  private final AnnotatedGraph annotated;
  private final Graph graph;
  private final Composition made;

  private Marks(AnnotatedGraph annotated, Composition made) {
    this.annotated = annotated;
    this.graph = annotated.graph();
    this.made = made;
  }

  static Marks of(Subject subject, Composition made) {
    return new Marks(subject.annotation(made), made);
  }

  /** Returns a node of the chain; empty when the backend rewrote it. */
  Optional<Node> step(int step) {
    return graph.node(made.chain().get(step));
  }

  Optional<NodeAnnotation> claim(int step) {
    return Optional.ofNullable(annotated.nodes().get(made.chain().get(step)))
        .filter(NodeAnnotation::isClaimed);
  }

  /**
   * Tells whether a match begins at the first node of the chain; not so where the node in front
   * took the chain into its own match, where another rule says so, or where the backend rewrote it.
   */
  boolean isClaimedFromItsStart() {
    return step(0).isPresent()
        && claim(0).filter(node -> node.match().get(0).equals(node.node())).isPresent();
  }

  /** Returns the operands of a node that read a float which no node of the chain gives. */
  List<Integer> incoming(Node node) {
    return operands(node).stream()
        .filter(i -> !graph.initializers().containsKey(node.operands().get(i)))
        .toList();
  }

  /** Returns the operands of a node that read a constant float. */
  List<Integer> constants(Node node) {
    return operands(node).stream()
        .filter(i -> graph.initializers().containsKey(node.operands().get(i)))
        .toList();
  }

  private List<Integer> operands(Node node) {
    Set<String> inner =
        made.chain().stream()
            .flatMap(name -> graph.node(name).stream())
            .flatMap(n -> n.results().stream())
            .collect(Collectors.toSet());
    List<Integer> indices = new ArrayList<>();
    for (int i = 0; i < node.operands().size(); i++) {
      String value = node.operands().get(i);
      if (!value.isEmpty() && isFloat(value) && !inner.contains(value)) {
        indices.add(i);
      }
    }
    return indices;
  }

  /** Returns the results of floats of the node whose result leaves the match. */
  List<Point> leaving() {
    Node end = graph.node(made.end()).orElseThrow();
    return IntStream.range(0, end.results().size())
        .filter(index -> isFloat(end.results().get(index)))
        .mapToObj(index -> Point.result(end.name(), index))
        .toList();
  }

  boolean isFloat(String value) {
    return type(value).filter(type -> type.dataType() == DataType.FLOAT).isPresent();
  }

  Optional<TensorType> type(String value) {
    return graph.type(value).flatMap(type -> type.tensor());
  }

  /** Returns the spec of a point, that of its group where it shares one. */
  static Optional<QuantizationSpec.Concrete> spec(Subject subject, Composition made, Point point) {
    return subject.plan(made).group(point).map(PlannedGroup::spec);
  }

  /**
   * Tells whether a node of the chain reads another more than once, where it should do so alone.
   */
  boolean forks() {
    return made.capability().edges().stream()
        .filter(Capability.Edge::alone)
        .flatMap(edge -> graph.node(made.chain().get(edge.producer())).stream())
        .anyMatch(node -> graph.uses(node.results().get(0)).size() != 1);
  }

  /** Tells whether others than the chain get the first result of one of its nodes. */
  boolean isReadOutside(String step) {
    return graph
        .node(step)
        .map(node -> node.results().get(0))
        .filter(
            value ->
                graph.outputs().stream().anyMatch(output -> output.name().equals(value))
                    || !graph.uses(value).stream()
                        .map(Point::node)
                        .allMatch(made.chain()::contains))
        .isPresent();
  }
}
