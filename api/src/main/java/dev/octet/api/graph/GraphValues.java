package dev.octet.api.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of a graph and of its subgraphs: what each point reads or defines, who reads it, and
 * how deep each node lies. Immutable and thread-safe.
 *
 * <p>Names are looked up as ONNX does: in the node's own graph, then in the graphs around it, so
 * that values of one name in sibling subgraphs are different values. A name that no graph defines
 * is a value of the graph that reads it.
 */
public final class GraphValues {

  private final Map<String, Place> places = new HashMap<>();
  private final List<Value> values = new ArrayList<>();

  /** Where a node stands, and the values that it reads and defines, null where left out. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Place(
      Node node, Graph graph, int depth, @Nullable Value[] operands, @Nullable Value[] results) {}

  private GraphValues() {}

  /** Finds the values of a graph and of its subgraphs. */
  public static GraphValues of(Graph graph) {
    GraphValues found = new GraphValues();
    found.visit(graph, null, 0);
    return found;
  }

  /**
   * A use of a value.
   *
   * @param node the node that reads it
   * @param operand the index of the operand that does
   */
  public record Use(Node node, int operand) {
    /** Returns the operand as a point. */
    public Point point() {
      return Point.operand(node.name(), operand);
    }
  }

  /** A value. Two values are equal only when they are the same one. */
  public static final class Value {
    private final String name;
    private final Graph graph;
    private final @Nullable Tensor constant;
    private final @Nullable ValueType type;
    private final @Nullable Point definition;
    private final boolean output;
    private final List<Use> uses = new ArrayList<>();

    private Value(
        String name,
        Graph graph,
        @Nullable ValueType type,
        @Nullable Point definition,
        boolean output) {
      this.name = name;
      this.graph = graph;
      this.constant = graph.initializers().get(name);
      this.type = type;
      this.definition = definition;
      this.output = output;
    }

    /** Returns its name; values of sibling subgraphs may have the same. */
    public String name() {
      return name;
    }

    /** Returns the graph that it belongs to. */
    public Graph graph() {
      return graph;
    }

    /** Returns its content, when it is a constant. */
    public Optional<Tensor> constant() {
      return Optional.ofNullable(constant);
    }

    /** Returns the type; empty when it is not known, or no tensor's. */
    public Optional<ValueType.TensorType> tensorType() {
      return Optional.ofNullable(type).flatMap(ValueType::tensor);
    }

    /** Returns the shape; empty when its rank is not known, or it is no tensor. */
    public Optional<Shape> shape() {
      return tensorType().flatMap(ValueType.TensorType::shape);
    }

    /** Returns the result that defines it; empty for inputs and constants. */
    public Optional<Point> definition() {
      return Optional.ofNullable(definition);
    }

    /**
     * Returns the operands that read it, those in subgraphs included, in the order of the nodes.
     */
    public List<Use> uses() {
      return Collections.unmodifiableList(uses);
    }

    /** Tells whether its graph hands it out. */
    public boolean isOutput() {
      return output;
    }

    /** Tells whether exactly one operand reads it and its graph does not hand it out. */
    public boolean hasOneUse() {
      return uses.size() == 1 && !output;
    }
  }

  /**
   * Returns the values that the graphs define in a fixed order: inputs, constants, then results in
   * the order of the nodes, each node before its subgraphs.
   */
  public List<Value> values() {
    return Collections.unmodifiableList(values);
  }

  /**
   * Returns a node.
   *
   * @throws NullPointerException if no graph has it; so do the other methods about nodes
   */
  public Node node(String name) {
    return place(name).node();
  }

  /** Returns the value that an operand reads; empty when the operand is left out. */
  public Optional<Value> operand(Node node, int index) {
    return at(place(node.name()).operands(), index);
  }

  /** Returns the value that a result defines; empty when nobody asked for it. */
  public Optional<Value> result(Node node, int index) {
    return at(place(node.name()).results(), index);
  }

  /** Returns the number of nodes on the longest way to a node, itself included. */
  public int depth(Node node) {
    return place(node.name()).depth();
  }

  /** Tells whether two nodes stand in the same graph, neither of them in a subgraph of it. */
  public boolean inSameGraph(Node a, Node b) {
    return place(a.name()).graph() == place(b.name()).graph();
  }

  private Place place(String node) {
    return Objects.requireNonNull(places.get(node), node);
  }

  private static Optional<Value> at(@Nullable Value[] values, int index) {
    return index < values.length ? Optional.ofNullable(values[index]) : Optional.empty();
  }

  private void visit(Graph graph, @Nullable Scope outer, int outerDepth) {
    Scope scope = new Scope(graph, outer);
    graph.inputs().forEach(input -> values.add(scope.define(input.name(), null)));
    graph.initializers().keySet().forEach(name -> values.add(scope.define(name, null)));
    for (Node node : graph.nodes()) {
      Value[] read = read(node, scope);
      int depth = Math.max(outerDepth, depthAfter(read)) + 1;
      places.put(node.name(), new Place(node, graph, depth, read, define(node, scope)));
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
        depth = Math.max(depth, place(value.definition.node()).depth());
      }
    }
    return depth;
  }

  private Value[] define(Node node, Scope scope) {
    Value[] values = new Value[node.results().size()];
    for (int i = 0; i < values.length; i++) {
      String name = node.results().get(i);
      if (!name.isEmpty()) {
        values[i] = scope.define(name, Point.result(node.name(), i));
        this.values.add(values[i]);
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
    }

    private Value define(String name, @Nullable Point definition) {
      Tensor constant = graph.initializers().get(name);
      ValueType type = constant == null ? stated.get(name) : constant.type();
      Value value = new Value(name, graph, type, definition, outputs.contains(name));
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
