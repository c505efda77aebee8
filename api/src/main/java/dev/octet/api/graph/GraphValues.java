package dev.octet.api.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The values of a graph and of its subgraphs, and their nodes as members of the graph: what each
 * point reads or defines, who reads it, and how deep each node lies. Members and values are
 * numbered, for whoever keeps something of each of them. Immutable and thread-safe.
 *
 * <p>Names are looked up as ONNX does: in the node's own graph, then in the graphs around it, so
 * that values of one name in sibling subgraphs are different values. A name that no graph defines
 * is a value of the graph that reads it.
 */
public final class GraphValues {

  private final List<Member> members;
  private final List<Value> values;
  private final Map<String, Value> inputs = new HashMap<>();
  private final Map<String, Value> outputs = new HashMap<>();
  private int valueCount;

  /** Found when somebody asks; two threads that ask at once may find it twice. */
  private volatile @Nullable Map<String, Member> membersByName;

  /** Finds the values of a graph and of its subgraphs. */
  GraphValues(Graph graph) {
    this.members = new ArrayList<>(graph.nodes().size());
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
      if (value.graph == graph && graph.isOutput(value.name)) {
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
   * A node as a member of the graph: where it stands, and the values that it reads and defines. Two
   * members are equal only when they are the same one.
   */
  public static final class Member {
    private final Node node;
    private final int number;
    private final GraphScope scope;
    private final @Nullable Value[] operands;
    private final @Nullable Value[] results;
    private int depth;

    private Member(Node node, int number, GraphScope scope) {
      this.node = node;
      this.number = number;
      this.scope = scope;
      this.operands = new Value[node.operands().size()];
      this.results = new Value[node.results().size()];
    }

    /** Returns the node. */
    public Node node() {
      return node;
    }

    /** Returns its place, from 0, in {@link Graph#nodesWithSubgraphs}. */
    public int number() {
      return number;
    }

    /** Returns where it stands; members of one graph stand in one and the same scope. */
    public GraphScope scope() {
      return scope;
    }

    /** Tells whether it stands in the same graph as another, not in a subgraph of it. */
    public boolean isBeside(Member other) {
      return scope == other.scope;
    }

    /** Returns the number of nodes on the longest way to it, itself included. */
    public int depth() {
      return depth;
    }

    /** Returns the value that an operand reads; empty when it is left out or there is none. */
    public Optional<Value> operand(int index) {
      return at(operands, index);
    }

    /** Returns the value that a result defines; empty when nobody asked for it, or it has none. */
    public Optional<Value> result(int index) {
      return at(results, index);
    }

    private static Optional<Value> at(@Nullable Value[] values, int index) {
      return index >= 0 && index < values.length
          ? Optional.ofNullable(values[index])
          : Optional.empty();
    }
  }

  /**
   * A use of a value.
   *
   * @param reader the node that reads it
   * @param operand the index of the operand that does
   */
  public record Use(Member reader, int operand) {
    /** Returns the operand as a point. */
    public Point point() {
      return Point.operand(reader.node.name(), operand);
    }
  }

  /** A value. Two values are equal only when they are the same one. */
  public static final class Value {
    private final String name;
    private final int number;
    private final Graph graph;
    private final @Nullable Tensor constant;
    private final @Nullable ValueType type;
    private final @Nullable Member producer;
    private final int result;
    private boolean supplied;
    private boolean received;
    private boolean returned;
    // Most values have one reader or two.
    private final List<Use> uses = new ArrayList<>(2);

    private Value(
        String name,
        int number,
        Graph graph,
        @Nullable Tensor constant,
        @Nullable ValueType type,
        @Nullable Member producer,
        int result) {
      this.name = name;
      this.number = number;
      this.graph = graph;
      this.constant = constant;
      this.type = type;
      this.producer = producer;
      this.result = result;
    }

    /** Returns its name; values of sibling subgraphs may have the same. */
    public String name() {
      return name;
    }

    /** Returns its number among those of all values, below {@link GraphValues#count}. */
    public int number() {
      return number;
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

    /** Returns the node that defines it; empty for inputs and constants. */
    public Optional<Member> producer() {
      return Optional.ofNullable(producer);
    }

    /** Returns the result that defines it; empty for inputs and constants. */
    public Optional<Point> definition() {
      return producer == null
          ? Optional.empty()
          : Optional.of(Point.result(producer.node.name(), result));
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

    /**
     * Tells whether a graph hands it out: its own, or a subgraph that returns a value of the graphs
     * around it.
     */
    public boolean isOutput() {
      return returned || graph.isOutput(name);
    }

    /** Tells whether exactly one operand reads it and no graph hands it out. */
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

  /** Returns how many values there are, those that no graph defines among them. */
  public int count() {
    return valueCount;
  }

  /** Returns the nodes of the graph and of its subgraphs, each node before its subgraphs. */
  public List<Member> members() {
    return Collections.unmodifiableList(members);
  }

  /** Returns a node of the graph or of its subgraphs; empty when there is none of that name. */
  public Optional<Member> member(String node) {
    return Optional.ofNullable(membersByName().get(node));
  }

  /**
   * Returns the value at a point: what an operand reads, a result defines, a caller supplies or
   * gets. Empty when the operand or result is left out, or there is no such node, input or output.
   */
  public Optional<Value> value(Point point) {
    return switch (point.side()) {
      case OPERAND -> member(point.node()).flatMap(node -> node.operand(point.index()));
      case RESULT -> member(point.node()).flatMap(node -> node.result(point.index()));
      case INPUT -> Optional.ofNullable(inputs.get(point.name()));
      case OUTPUT -> Optional.ofNullable(outputs.get(point.name()));
    };
  }

  private Map<String, Member> membersByName() {
    Map<String, Member> found = membersByName;
    if (found == null) {
      found = new HashMap<>(Graph.capacity(members.size()));
      for (Member member : members) {
        found.put(member.node.name(), member);
      }
      membersByName = found;
    }
    return found;
  }

  private void visit(Scope scope, int outerDepth) {
    Graph graph = scope.graph;
    graph.inputs().forEach(input -> values.add(scope.undefined(input.name(), input.type())));
    graph.initializers().forEach((name, constant) -> values.add(scope.constant(name, constant)));
    for (Node node : graph.nodes()) {
      Member member = new Member(node, members.size(), scope.place);
      members.add(member);
      member.depth = Math.max(outerDepth, read(member, scope)) + 1;
      define(member, scope);
      for (Graph subgraph : node.subgraphs()) {
        visit(new Scope(new GraphScope(subgraph, node, scope.place), scope), member.depth);
      }
    }
    if (scope.outer != null) {
      graph.outputs().forEach(output -> scope.markReturned(output.name()));
    }
  }

  /** Finds what a node reads, and returns how deep that lies. */
  private static int read(Member member, Scope scope) {
    int depth = 0;
    for (int i = 0; i < member.operands.length; i++) {
      String name = member.node.operands().get(i);
      if (!name.isEmpty()) {
        Value value = scope.value(name);
        member.operands[i] = value;
        value.uses.add(new Use(member, i));
        depth = Math.max(depth, value.producer == null ? 0 : value.producer.depth);
      }
    }
    return depth;
  }

  private void define(Member member, Scope scope) {
    for (int i = 0; i < member.results.length; i++) {
      String name = member.node.results().get(i);
      if (!name.isEmpty()) {
        Value defined = scope.result(name, member, i);
        member.results[i] = defined;
        values.add(defined);
      }
    }
  }

  /** The values that one graph defines, and those of the graphs around it. */
  private final class Scope {
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
      return define(name, constant, constant.type(), null, 0);
    }

    /** An input, or a value that no graph defines. */
    private Value undefined(String name, @Nullable ValueType type) {
      return define(name, null, type, null, 0);
    }

    private Value result(String name, Member producer, int result) {
      return define(name, null, stated(name), producer, result);
    }

    private Value define(
        String name,
        @Nullable Tensor constant,
        @Nullable ValueType type,
        @Nullable Member producer,
        int result) {
      Value value = new Value(name, valueCount++, graph, constant, type, producer, result);
      defined.put(name, value);
      return value;
    }

    private @Nullable ValueType stated(String name) {
      ValueInfo stated = graph.stated(name);
      return stated == null ? null : stated.type();
    }

    private Value value(String name) {
      Value value = find(name);
      return value == null ? undefined(name, stated(name)) : value;
    }

    private void markReturned(String name) {
      Value value = find(name);
      if (value != null) {
        value.returned = true;
      }
    }

    private @Nullable Value find(String name) {
      for (Scope scope = this; scope != null; scope = scope.outer) {
        Value value = scope.defined.get(name);
        if (value != null) {
          return value;
        }
      }
      return null;
    }
  }
}
