package dev.octet.api.graph;

import dev.octet.api.text.Brief;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A graph in single static assignment: every value is defined once, by name, before it is read.
 * Immutable and thread-safe.
 *
 * <p>A subgraph may read values of the graphs around it; the format that reads a model checks that
 * those exist.
 */
public final class Graph {

  private final String name;
  private final List<ValueInfo> inputs;
  private final List<ValueInfo> outputs;
  private final Map<String, Tensor> initializers;
  private final List<Node> nodes;
  private final Map<String, ValueInfo> values;
  private final Optional<Origin> origin;
  private final Map<String, ValueInfo> signature;
  private final Set<String> outputNames;
  private final Map<String, Node> nodesByName;

  /** The node that defines each value. */
  private final Map<String, Node> producers;

  private final Uses uses;

  /** Found when somebody asks, as the next; two threads that ask at once may find it twice. */
  private volatile @Nullable GraphValues valuesInScope;

  private volatile @Nullable List<Node> nodesWithSubgraphs;

  /**
   * Makes a graph.
   *
   * @param name the graph's name; may be empty
   * @param inputs what a caller supplies, in order; constants are not among them
   * @param outputs what a caller gets, in order
   * @param initializers constants by value name, in the order of the model
   * @param nodes the nodes, each after those whose results it reads
   * @param values types of other values, by name, in the order of the model
   * @param origin what the format keeps of the graph; empty for graphs that Octet made
   * @throws IllegalArgumentException if a value or a node name is defined twice, or a node reads a
   *     value of this graph before its definition
   */
  public Graph(
      String name,
      List<ValueInfo> inputs,
      List<ValueInfo> outputs,
      Map<String, Tensor> initializers,
      List<Node> nodes,
      Map<String, ValueInfo> values,
      Optional<Origin> origin) {
    this.name = Objects.requireNonNull(name, "name");
    this.inputs = List.copyOf(inputs);
    this.outputs = List.copyOf(outputs);
    this.initializers = Collections.unmodifiableMap(inOrder(initializers));
    this.nodes = List.copyOf(nodes);
    this.values = Collections.unmodifiableMap(inOrder(values));
    this.origin = Objects.requireNonNull(origin, "origin");
    this.signature = new HashMap<>();
    this.outputNames = new HashSet<>();
    this.nodesByName = new HashMap<>(capacity(nodes.size()));
    this.producers = new HashMap<>(capacity(nodes.size()));
    this.uses = new Uses(this.nodes);
    index();
  }

  /** Shares everything but the stated types with another graph. */
  private Graph(Graph other, Map<String, ValueInfo> values) {
    this.name = other.name;
    this.inputs = other.inputs;
    this.outputs = other.outputs;
    this.initializers = other.initializers;
    this.nodes = other.nodes;
    this.values = Collections.unmodifiableMap(inOrder(values));
    this.origin = other.origin;
    this.signature = other.signature;
    this.outputNames = other.outputNames;
    this.nodesByName = other.nodesByName;
    this.producers = other.producers;
    this.uses = other.uses;
  }

  /**
   * Returns this graph with other stated types.
   *
   * @param newValues types of values that are neither inputs nor outputs, by name, in the order
   *     that the graph keeps
   */
  public Graph withValues(Map<String, ValueInfo> newValues) {
    return new Graph(this, newValues);
  }

  /** Returns the graph's name; may be empty. */
  public String name() {
    return name;
  }

  /** Returns what a caller supplies, in order. */
  public List<ValueInfo> inputs() {
    return inputs;
  }

  /** Returns what a caller gets, in order. */
  public List<ValueInfo> outputs() {
    return outputs;
  }

  /** Returns the constants by value name, in the order of the model. */
  public Map<String, Tensor> initializers() {
    return initializers;
  }

  /** Returns the nodes in topological order. */
  public List<Node> nodes() {
    return nodes;
  }

  /** Returns the stated types of values that are neither inputs nor outputs, by name. */
  public Map<String, ValueInfo> values() {
    return values;
  }

  /** Returns what the format keeps of the graph. */
  public Optional<Origin> origin() {
    return origin;
  }

  /** Returns a node of this graph, not of its subgraphs. */
  public Optional<Node> node(String nodeName) {
    return Optional.ofNullable(nodesByName.get(nodeName));
  }

  /** Returns all nodes: each node of this graph, followed by the nodes of its subgraphs. */
  public List<Node> nodesWithSubgraphs() {
    List<Node> found = nodesWithSubgraphs;
    if (found == null) {
      List<Node> all = new ArrayList<>(nodes.size());
      collect(this, all);
      found = all.size() == nodes.size() ? nodes : Collections.unmodifiableList(all);
      nodesWithSubgraphs = found;
    }
    return found;
  }

  /**
   * Returns the result point that defines a value; empty for inputs, constants, and values of a
   * graph around this one.
   */
  public Optional<Point> definition(String value) {
    return producer(value).map(node -> Point.result(node.name(), node.results().indexOf(value)));
  }

  /**
   * Returns the node that defines a value; empty for inputs, constants, and values of a graph
   * around this one.
   */
  public Optional<Node> producer(String value) {
    return Optional.ofNullable(producers.get(value));
  }

  /**
   * Returns the operands of this graph's nodes that read a value, in node and operand order;
   * subgraphs are not searched.
   */
  public List<Point> uses(String value) {
    return uses.of(value);
  }

  /** Tells whether a value is among the outputs. */
  public boolean isOutput(String value) {
    return outputNames.contains(value);
  }

  /**
   * Returns the stated type of an input, output, constant or other value; empty when nothing is
   * stated.
   */
  public Optional<ValueType> type(String value) {
    Tensor constant = initializers.get(value);
    if (constant != null) {
      return Optional.of(constant.type());
    }
    ValueInfo stated = stated(value);
    return stated == null ? Optional.empty() : Optional.of(stated.type());
  }

  /** Returns what is stated of a value that is no constant. */
  @Nullable ValueInfo stated(String value) {
    ValueInfo stated = values.get(value);
    return stated != null ? stated : signature.get(value);
  }

  /** Returns the values of this graph and of its subgraphs. */
  GraphValues valuesInScope() {
    GraphValues found = valuesInScope;
    if (found == null) {
      found = new GraphValues(this);
      valuesInScope = found;
    }
    return found;
  }

  private static void collect(Graph graph, List<Node> all) {
    for (Node node : graph.nodes) {
      all.add(node);
      for (Graph subgraph : node.subgraphs()) {
        collect(subgraph, all);
      }
    }
  }

  /** Returns a copy of a map, which keeps its order. */
  static <V> Map<String, V> inOrder(Map<String, V> map) {
    Map<String, V> copy = new LinkedHashMap<>(capacity(map.size()));
    map.forEach(copy::put);
    return copy;
  }

  /** Returns the capacity of a hash map that holds some entries without growing. */
  static int capacity(int entries) {
    return (int) Math.min(Integer.MAX_VALUE, entries * 4L / 3 + 1);
  }

  private void index() {
    for (ValueInfo input : inputs) {
      if (signature.put(input.name(), input) != null || initializers.containsKey(input.name())) {
        throw definedTwice(input.name());
      }
    }
    // Values of graphs around this one, if they are not defined later on.
    Set<String> undefined = new HashSet<>();
    for (Node node : nodes) {
      for (int i = 0; i < node.operands().size(); i++) {
        String operand = node.operands().get(i);
        if (!operand.isEmpty() && !producers.containsKey(operand) && !isGiven(operand)) {
          undefined.add(operand);
        }
      }
      for (int i = 0; i < node.results().size(); i++) {
        String result = node.results().get(i);
        if (!result.isEmpty()) {
          define(result, node, undefined);
        }
      }
      if (nodesByName.put(node.name(), node) != null) {
        throw new IllegalArgumentException("two nodes are named '" + node.name() + "'");
      }
    }
    for (ValueInfo output : outputs) {
      signature.putIfAbsent(output.name(), output);
      outputNames.add(output.name());
    }
  }

  /** Tells whether a value is an input, a constant or a result of this graph. */
  boolean defines(String value) {
    return producers.containsKey(value)
        || initializers.containsKey(value)
        || inputs.stream().anyMatch(input -> input.name().equals(value));
  }

  /** Tells whether a value is a constant or an input. */
  private boolean isGiven(String value) {
    return initializers.containsKey(value) || signature.containsKey(value);
  }

  private void define(String value, Node producer, Set<String> readBefore) {
    if (producers.put(value, producer) != null || isGiven(value)) {
      throw definedTwice(value);
    }
    if (readBefore.contains(value)) {
      throw new IllegalArgumentException("value '" + value + "' is read before it is defined");
    }
  }

  private static IllegalArgumentException definedTwice(String value) {
    return new IllegalArgumentException("value '" + value + "' is defined twice");
  }

  /** The operands that read each value, found when somebody asks. */
  private static final class Uses {
    private final List<Node> nodes;
    private volatile @Nullable Map<String, List<Point>> byValue;

    private Uses(List<Node> nodes) {
      this.nodes = nodes;
    }

    private List<Point> of(String value) {
      Map<String, List<Point>> found = byValue;
      if (found == null) {
        found = find();
        byValue = found;
      }
      return Collections.unmodifiableList(found.getOrDefault(value, List.of()));
    }

    private Map<String, List<Point>> find() {
      Map<String, List<Point>> found = new HashMap<>(capacity(nodes.size()));
      for (Node node : nodes) {
        for (int i = 0; i < node.operands().size(); i++) {
          String operand = node.operands().get(i);
          if (!operand.isEmpty()) {
            // Most values have one reader or two.
            found
                .computeIfAbsent(operand, v -> new ArrayList<>(2))
                .add(Point.operand(node.name(), i));
          }
        }
      }
      return found;
    }
  }

  /** Returns the name and how much there is in it, in one line. */
  @Override
  public String toString() {
    return "graph '%s' of %s nodes, %s inputs, %s outputs and %s constants"
        .formatted(
            Brief.text(name), nodes.size(), inputs.size(), outputs.size(), initializers.size());
  }
}
