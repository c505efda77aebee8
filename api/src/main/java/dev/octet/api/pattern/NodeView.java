package dev.octet.api.pattern;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A node and what stands around it, as conditions see it: its operands and results with their
 * types, shapes and constants, who produces what it reads, and who reads what it makes. Names are
 * looked up as ONNX does, so that constants of the graphs around a subgraph are seen from within
 * it. Immutable and thread-safe.
 *
 * <p>Operands and results count from 0, axes from the outermost; a negative axis counts from the
 * innermost, -1. An operand that is left out, or that the node does not have, has no type, no
 * shape, no constant and no producer.
 */
public final class NodeView {

  private final GraphValues.Member member;
  private final Function<Node, List<Node>> userNodes;

  private NodeView(GraphValues.Member member, Function<Node, List<Node>> userNodes) {
    this.member = Objects.requireNonNull(member, "member");
    this.userNodes = Objects.requireNonNull(userNodes, "userNodes");
  }

  /**
   * Looks at a node of a graph that is nobody's rewriting of another.
   *
   * @param graph the graph
   * @param node the name of one of its nodes, those of its subgraphs included
   * @throws IllegalArgumentException if no node has the name
   */
  public static NodeView of(Graph graph, String node) {
    GraphValues.Member found =
        GraphValues.of(graph).members().stream()
            .filter(member -> member.node().name().equals(node))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("the graph has no node '" + node + "'"));
    return of(found, List::of);
  }

  /**
   * Looks at the one node of a graph that is made for it: an example. Operands that are no
   * constants are FLOAT inputs of unknown shape.
   *
   * @param node the node
   * @param constants the constants that it reads, by name
   */
  public static NodeView example(Node node, Map<String, Tensor> constants) {
    List<ValueInfo> inputs =
        node.operands().stream()
            .filter(name -> !name.isEmpty() && !constants.containsKey(name))
            .distinct()
            .map(NodeView::unknownShape)
            .toList();
    List<ValueInfo> outputs =
        node.results().stream().filter(r -> !r.isEmpty()).map(NodeView::unknownShape).toList();
    Graph graph =
        new Graph("example", inputs, outputs, constants, List.of(node), Map.of(), Optional.empty());
    return of(graph, node.name());
  }

  private static ValueInfo unknownShape(String name) {
    return ValueInfo.of(name, new ValueType.TensorType(DataType.FLOAT, Optional.empty()));
  }

  /**
   * Looks at a node.
   *
   * @param member the node as a member of its graph
   * @param userNodes gives the nodes of the user's model whose work a node does
   */
  public static NodeView of(GraphValues.Member member, Function<Node, List<Node>> userNodes) {
    return new NodeView(member, userNodes);
  }

  /** Returns the node. */
  public Node node() {
    return member.node();
  }

  /** Returns an attribute; empty when it is absent. */
  public Optional<Attribute> attribute(String name) {
    return Optional.ofNullable(member.node().attributes().get(name));
  }

  /** Tells whether an operand is there. */
  public boolean isPresent(int operand) {
    return operand(operand).isPresent();
  }

  /** Returns the content of an operand that is a constant. */
  public Optional<Tensor> constant(int operand) {
    return operand(operand).flatMap(GraphValues.Value::constant);
  }

  /** Returns the type of an operand; empty when it is not known, or no tensor's. */
  public Optional<ValueType.TensorType> type(int operand) {
    return operand(operand).flatMap(GraphValues.Value::tensorType);
  }

  /** Returns the shape of an operand; empty when its rank is not known. */
  public Optional<Shape> shape(int operand) {
    return operand(operand).flatMap(GraphValues.Value::shape);
  }

  /** Returns the rank of an operand; empty when it is not known. */
  public OptionalInt rank(int operand) {
    return shape(operand).map(s -> OptionalInt.of(s.rank())).orElse(OptionalInt.empty());
  }

  /** Returns the size of a dimension; empty when it is not known or there is no such axis. */
  public OptionalLong size(int operand, int axis) {
    return shape(operand).map(s -> size(s, axis)).orElse(OptionalLong.empty());
  }

  private static OptionalLong size(Shape shape, int axis) {
    int index = axis < 0 ? axis + shape.rank() : axis;
    boolean exists = index >= 0 && index < shape.rank();
    return exists ? shape.dimensions().get(index).known() : OptionalLong.empty();
  }

  /** Returns the node that produces an operand; empty for inputs and constants. */
  public Optional<NodeView> producer(int operand) {
    return operand(operand).flatMap(GraphValues.Value::producer).map(this::at);
  }

  /** Returns the result that defines an operand; empty for inputs and constants. */
  public Optional<Point> definition(int operand) {
    return operand(operand).flatMap(GraphValues.Value::definition);
  }

  /**
   * Returns where an operand comes from: the result that defines it, or the input of the model;
   * empty for constants, inputs of subgraphs, and where it is left out.
   */
  public Optional<Point> source(int operand) {
    return operand(operand).flatMap(GraphValues.Value::source);
  }

  /** Tells whether the node makes a result that somebody asked for. */
  public boolean hasResult(int result) {
    return member.result(result).isPresent();
  }

  /** Returns the shape of a result; empty when its rank is not known. */
  public Optional<Shape> resultShape(int result) {
    return member.result(result).flatMap(GraphValues.Value::shape);
  }

  /** Returns who reads a result, nodes of subgraphs included, in the order of the graph. */
  public List<Reader> readers(int result) {
    return readers(member.result(result));
  }

  /** Tells whether its graph hands a result out. */
  public boolean isOutput(int result) {
    return member.result(result).map(GraphValues.Value::isOutput).orElse(false);
  }

  /** Returns who reads the value of an operand, this node included; see {@link #readers}. */
  public List<Reader> readersOfOperand(int operand) {
    return readers(operand(operand));
  }

  /** Tells whether one operand of one node alone reads an operand's value, and no graph output. */
  public boolean isOnlyReader(int operand) {
    return operand(operand).map(GraphValues.Value::hasOneUse).orElse(false);
  }

  /** Tells whether two operands of nodes of one graph, each its own or another's, are one value. */
  public boolean readsSame(int operand, NodeView other, int otherOperand) {
    Optional<GraphValues.Value> value = operand(operand);
    return value.isPresent() && value.equals(other.operand(otherOperand));
  }

  /** Tells whether an operand is a result of a node. */
  public boolean reads(int operand, NodeView other, int otherResult) {
    Optional<GraphValues.Value> value = operand(operand);
    return value.isPresent() && value.equals(other.member.result(otherResult));
  }

  /** Returns the nodes of the user's model whose work the node does. */
  public List<Node> userNodes() {
    return userNodes.apply(member.node());
  }

  /**
   * Somebody who reads a value.
   *
   * @param node the node that reads it
   * @param operand the index of the operand that does
   */
  public record Reader(NodeView node, int operand) {}

  private Optional<GraphValues.Value> operand(int index) {
    return member.operand(index);
  }

  private List<Reader> readers(Optional<GraphValues.Value> value) {
    return value.map(GraphValues.Value::uses).orElse(List.of()).stream()
        .map(use -> new Reader(at(use.reader()), use.operand()))
        .toList();
  }

  private NodeView at(GraphValues.Member other) {
    return new NodeView(other, userNodes);
  }
}
