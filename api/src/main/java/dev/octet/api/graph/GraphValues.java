package dev.octet.api.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

  private final Map<String, Place> places;
  private final List<Value> values;
  private final Map<String, Value> inputs = new HashMap<>();
  private final Map<String, Value> outputs = new HashMap<>();

  /** Where a node stands, and the values that it reads and defines, null where left out. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Place(
      Node node,
      GraphScope scope,
      int depth,
      @Nullable Value[] operands,
      @Nullable Value[] results) {}

  /** Finds the values of a graph and of its subgraphs. */
  GraphValues(Graph graph) {
    this.places = new HashMap<>(Graph.capacity(graph.nodes().size()));
    this.values = new ArrayList<>(graph.nodes().size() + graph.initializers().size());
    visit(new Scope(new GraphScope(graph, null, null), null), 0);
    markBoundary(graph);
  }

  private void markBoundary(Graph graph) {
    for (int i = 0; i < graph.inputs().size(); i++) {
      Value input = values.get(i);
      input.supplied = true;
      inputs.put(input.name, input);
    }
    for (Value value : values) {
      if (value.graph == graph && value.isOutput()) {
        value.received = true;
        outputs.put(value.name, value);
      }
    }
  }

  /** Returns the values of a graph and of its subgraphs; the graph finds them once. */
  public static GraphValues of(Graph graph) {
    return graph.valuesInScope();
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
    private final int depth;
    private boolean supplied;
    private boolean received;
    // Most values have one reader or two.
    private final List<Use> uses = new ArrayList<>(2);

    private Value(
        String name,
        Graph graph,
        @Nullable Tensor constant,
        @Nullable ValueType type,
        @Nullable Point definition,
        int depth) {
      this.name = name;
      this.graph = graph;
      this.constant = constant;
      this.type = type;
      this.definition = definition;
      this.depth = depth;
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
     * Returns the point where it comes from: the result that defines it, or the input by which the
     * caller supplies it; empty for constants and for inputs of subgraphs.
     */
    public Optional<Point> source() {
      return definition().or(this::input);
    }

    /** Returns the input by which the caller of the whole graph supplies it; else empty. */
    public Optional<Point> input() {
      return supplied ? Optional.of(Point.input(name)) : Optional.empty();
    }

    /** Returns the output by which the caller of the whole graph gets it; else empty. */
    public Optional<Point> output() {
      return received ? Optional.of(Point.output(name)) : Optional.empty();
    }

    /**
     * Returns the operands that read it, those in subgraphs included, in the order of the nodes.
     */
    public List<Use> uses() {
      return Collections.unmodifiableList(uses);
    }

    /** Tells whether its graph hands it out. */
    public boolean isOutput() {
      return graph.isOutput(name);
    }

    /** Tells whether exactly one operand reads it and its graph does not hand it out. */
    public boolean hasOneUse() {
      return uses.size() == 1 && !isOutput();
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

  /**
   * Returns the value at a point: what an operand reads, a result defines, a caller supplies or
   * gets. Empty when the operand or result is left out, or the graph has no such input or output.
   */
  public Optional<Value> value(Point point) {
    return switch (point.side()) {
      case OPERAND -> operand(node(point.node()), point.index());
      case RESULT -> result(node(point.node()), point.index());
      case INPUT -> Optional.ofNullable(inputs.get(point.name()));
      case OUTPUT -> Optional.ofNullable(outputs.get(point.name()));
    };
  }

  /** Returns the number of nodes on the longest way to a node, itself included. */
  public int depth(Node node) {
    return place(node.name()).depth();
  }

  /** Returns where a node stands; nodes of one graph stand in one and the same scope. */
  public GraphScope scope(Node node) {
    return place(node.name()).scope();
  }

  /** Tells whether two nodes stand in the same graph, neither of them in a subgraph of it. */
  public boolean inSameGraph(Node a, Node b) {
    return scope(a) == scope(b);
  }

  private Place place(String node) {
    return Objects.requireNonNull(places.get(node), node);
  }

  private static Optional<Value> at(@Nullable Value[] values, int index) {
    return index < values.length ? Optional.ofNullable(values[index]) : Optional.empty();
  }

  private void visit(Scope scope, int outerDepth) {
    Graph graph = scope.graph;
    graph.inputs().forEach(input -> values.add(scope.undefined(input.name(), input.type())));
    graph.initializers().forEach((name, constant) -> values.add(scope.constant(name, constant)));
    for (Node node : graph.nodes()) {
      Value[] read = read(node, scope);
      int depth = Math.max(outerDepth, depthAfter(read)) + 1;
      places.put(
          node.name(), new Place(node, scope.place, depth, read, define(node, scope, depth)));
      for (Graph subgraph : node.subgraphs()) {
        visit(new Scope(new GraphScope(subgraph, node, scope.place), scope), depth);
      }
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

  private static int depthAfter(@Nullable Value[] read) {
    int depth = 0;
    for (Value value : read) {
      if (value != null) {
        depth = Math.max(depth, value.depth);
      }
    }
    return depth;
  }

  private Value[] define(Node node, Scope scope, int depth) {
    Value[] defined = new Value[node.results().size()];
    for (int i = 0; i < defined.length; i++) {
      String name = node.results().get(i);
      if (!name.isEmpty()) {
        defined[i] = scope.result(name, Point.result(node.name(), i), depth);
        values.add(defined[i]);
      }
    }
    return defined;
  }

  /** The values that one graph defines, and those of the graphs around it. */
  private static final class Scope {
    private final GraphScope place;
    private final Graph graph;
    private final @Nullable Scope outer;
    private final Map<String, Value> defined;

    private Scope(GraphScope place, @Nullable Scope outer) {
      this.place = place;
      this.graph = place.graph();
      this.outer = outer;
      int count = graph.inputs().size() + graph.initializers().size() + graph.nodes().size();
      this.defined = new HashMap<>(Graph.capacity(count));
    }

    private Value constant(String name, Tensor constant) {
      return define(new Value(name, graph, constant, constant.type(), null, 0));
    }

    /** An input, or a value that no graph defines. */
    private Value undefined(String name, @Nullable ValueType type) {
      return define(new Value(name, graph, null, type, null, 0));
    }

    private Value result(String name, Point definition, int depth) {
      return define(new Value(name, graph, null, stated(name), definition, depth));
    }

    private Value define(Value value) {
      defined.put(value.name, value);
      return value;
    }

    private @Nullable ValueType stated(String name) {
      ValueInfo stated = graph.stated(name);
      return stated == null ? null : stated.type();
    }

    private Value value(String name) {
      for (Scope scope = this; scope != null; scope = scope.outer) {
        Value value = scope.defined.get(name);
        if (value != null) {
          return value;
        }
      }
      return undefined(name, stated(name));
    }
  }
}
