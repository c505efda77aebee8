package dev.octet.annotation.policy;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A node as a policy sees it: with the user's nodes whose work it does, their modules, and the
 * constants and types of the values that it reads. Immutable.
 */
public final class PolicyNode {

  private final Node node;
  private final List<Graph> scopes;
  private final List<String> names;
  private final SortedSet<OpType> operators;
  private final List<ModulePosition> modules;

  PolicyNode(
      Node node,
      List<Graph> scopes,
      List<String> names,
      SortedSet<OpType> operators,
      List<ModulePosition> modules) {
    this.node = Objects.requireNonNull(node, "node");
    this.scopes = List.copyOf(scopes);
    this.names = List.copyOf(names);
    this.operators = new TreeSet<>(operators);
    this.modules = List.copyOf(modules);
  }

  /** Returns the node of the graph that is annotated. */
  public Node node() {
    return node;
  }

  /** Returns its name and those of the user's nodes whose work it does. */
  public List<String> names() {
    return names;
  }

  /** Returns its operator and those of the user's nodes whose work it does. */
  public SortedSet<OpType> operators() {
    return java.util.Collections.unmodifiableSortedSet(operators);
  }

  /**
   * Returns the modules that it stands in, for each user's node from the outermost to the
   * innermost; empty when they are not known.
   */
  public List<ModulePosition> modules() {
    return modules;
  }

  /** Tells whether a selector selects this node. */
  public boolean isSelectedBy(Selector selector) {
    return RuleOrder.predicate(selector).test(this);
  }

  /** Returns the constant at an operand index; empty when the operand is absent or computed. */
  public Optional<Tensor> constant(int index) {
    return node.operand(index)
        .flatMap(
            value ->
                scopes.stream()
                    .flatMap(graph -> Optional.ofNullable(graph.initializers().get(value)).stream())
                    .findFirst());
  }

  /** Returns the number of elements of all constants that the node reads. */
  public long constantElements() {
    long sum = 0;
    for (int i = 0; i < node.operands().size(); i++) {
      sum += constant(i).map(Tensor::elementCount).orElse(0L);
    }
    return sum;
  }

  /** Returns the rank of an operand; empty when the operand is absent or its rank not known. */
  public OptionalInt rank(int index) {
    return node.operand(index)
        .flatMap(this::type)
        .flatMap(ValueType::tensor)
        .flatMap(ValueType.TensorType::shape)
        .map(shape -> OptionalInt.of(shape.rank()))
        .orElse(OptionalInt.empty());
  }

  private Optional<ValueType> type(String value) {
    return scopes.stream().flatMap(graph -> graph.type(value).stream()).findFirst();
  }
}
