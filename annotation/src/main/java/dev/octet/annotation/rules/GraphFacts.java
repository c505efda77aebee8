package dev.octet.annotation.rules;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What patterns ask about a graph and its subgraphs: the value behind each point, who reads it, and
 * how deep each node lies. Names are looked up as ONNX does: in the node's own graph, then in the
 * graphs around it.
 */
final class GraphFacts {

  private final Map<String, Node> nodes = new HashMap<>();
  private final Map<String, Value[]> operands = new HashMap<>();
  private final Map<String, Value[]> results = new HashMap<>();
  private final Map<String, Integer> depths = new HashMap<>();
  private final Map<String, Graph> graphs = new HashMap<>();

  GraphFacts(Graph graph) {
    visit(graph, null, 0);
  }

  /** A use of a value: an operand of a node. */
  record Use(Node node, int operand) {}

  /** A value of one scope. */
  static final class Value {
    private final @Nullable Tensor constant;
    private final @Nullable ValueType type;
    private final @Nullable Point definition;
    private final boolean output;
    private final List<Use> uses = new ArrayList<>();

    private Value(
        @Nullable Tensor constant,
        @Nullable ValueType type,
        @Nullable Point definition,
        boolean output) {
      this.constant = constant;
      this.type = type;
      this.definition = definition;
      this.output = output;
    }

    Optional<Tensor> constant() {
      return Optional.ofNullable(constant);
    }

    /** Returns the type; empty when it is not known, or no tensor's. */
    Optional<ValueType.TensorType> tensorType() {
      return Optional.ofNullable(type).flatMap(ValueType::tensor);
    }

    Optional<Shape> shape() {
      return tensorType().flatMap(ValueType.TensorType::shape);
    }

    /** Returns the result that defines the value; empty for inputs and constants. */
    Optional<Point> definition() {
      return Optional.ofNullable(definition);
    }

    /** Returns the operands that read it, those in subgraphs included. */
    List<Use> uses() {
      return uses;
    }

    /** Tells whether the graph that defines the value hands it out. */
    boolean isOutput() {
      return output;
    }

    /** Tells whether exactly one operand reads the value and no graph hands it out. */
    boolean hasOneUse() {
      return uses.size() == 1 && !output;
    }
  }

  Node node(String name) {
    return Objects.requireNonNull(nodes.get(name), name);
  }

  /** Returns the value that an operand reads; empty when the operand is left out. */
  Optional<Value> operand(Node node, int index) {
    return at(Objects.requireNonNull(operands.get(node.name())), index);
  }

  /** Returns the value that a result defines; empty when nobody asked for it. */
  Optional<Value> result(Node node, int index) {
    return at(Objects.requireNonNull(results.get(node.name())), index);
  }

  /** Returns the number of nodes on the longest way to the node. */
  int depth(Node node) {
    return Objects.requireNonNull(depths.get(node.name()));
  }

  /** Tells whether two nodes stand in the same graph, neither of them in a subgraph of it. */
  boolean inSameGraph(Node a, Node b) {
    return graphs.get(a.name()) == graphs.get(b.name());
  }

  private static Optional<Value> at(@Nullable Value[] values, int index) {
    return index < values.length ? Optional.ofNullable(values[index]) : Optional.empty();
  }

  private void visit(Graph graph, @Nullable Scope outer, int outerDepth) {
    Scope scope = new Scope(graph, outer);
    for (Node node : graph.nodes()) {
      nodes.put(node.name(), node);
      graphs.put(node.name(), graph);
      Value[] read = read(node, scope);
      operands.put(node.name(), read);
      int depth = Math.max(outerDepth, depthAfter(read)) + 1;
      depths.put(node.name(), depth);
      results.put(node.name(), define(node, scope));
      node.subgraphs().forEach(subgraph -> visit(subgraph, scope, depth));
    }
  }

  private static Value[] read(Node node, Scope scope) {
    Value[] values = new Value[node.operands().size()];
    for (int i = 0; i < values.length; i++) {
      String name = node.operands().get(i);
      if (!name.isEmpty()) {
        values[i] = scope.value(name);
        values[i].uses.add(new Use(node, i));
      }
    }
    return values;
  }

  private int depthAfter(@Nullable Value[] read) {
    int depth = 0;
    for (Value value : read) {
      if (value != null && value.definition != null) {
        depth = Math.max(depth, Objects.requireNonNull(depths.get(value.definition.node())));
      }
    }
    return depth;
  }

  private static Value[] define(Node node, Scope scope) {
    Value[] values = new Value[node.results().size()];
    for (int i = 0; i < values.length; i++) {
      String name = node.results().get(i);
      if (!name.isEmpty()) {
        values[i] = scope.define(name, Point.result(node.name(), i));
      }
    }
    return values;
  }

  /** The values that one graph defines, and those of the graphs around it. */
  private static final class Scope {
    private final Graph graph;
    private final @Nullable Scope outer;
    private final Map<String, Value> defined = new HashMap<>();
    private final Map<String, ValueType> stated = new HashMap<>();
    private final Set<String> outputs = new HashSet<>();

    private Scope(Graph graph, @Nullable Scope outer) {
      this.graph = graph;
      this.outer = outer;
      graph.values().forEach((name, info) -> stated.put(name, info.type()));
      for (ValueInfo output : graph.outputs()) {
        outputs.add(output.name());
        stated.putIfAbsent(output.name(), output.type());
      }
      graph.inputs().forEach(input -> stated.put(input.name(), input.type()));
      graph.inputs().forEach(input -> define(input.name(), null));
      graph.initializers().keySet().forEach(name -> define(name, null));
    }

    private Value define(String name, @Nullable Point definition) {
      Tensor constant = graph.initializers().get(name);
      ValueType type = constant == null ? stated.get(name) : constant.type();
      Value value = new Value(constant, type, definition, outputs.contains(name));
      defined.put(name, value);
      return value;
    }

    private Value value(String name) {
      for (Scope scope = this; scope != null; scope = scope.outer) {
        Value value = scope.defined.get(name);
        if (value != null) {
          return value;
        }
      }
      return define(name, null);
    }
  }
}
