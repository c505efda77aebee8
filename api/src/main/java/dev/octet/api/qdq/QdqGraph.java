package dev.octet.api.qdq;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The main graph of a model, read for its quantized values. A float value is quantized when a
 * QuantizeLinear reads it, or when a DequantizeLinear of the ONNX domain or of com.microsoft gives
 * it. A constant of INT64, which DequantizeLinear does not read, has a Cast and a Mul in its place.
 *
 * <p>Element types are those that the graph states; where a graph leaves types of computed values
 * out, integers without a zero point of constant type stay unknown, so that a reader infers types
 * first. Scales are FLOAT; what has others is no quantized value here. Subgraphs are not searched.
 * Immutable and thread-safe.
 */
public final class QdqGraph {

  private final Graph graph;
  private final Set<String> captured = new HashSet<>();

  /**
   * Reads a graph.
   *
   * @param graph the graph, best with the types of all values
   */
  public QdqGraph(Graph graph) {
    this.graph = Objects.requireNonNull(graph, "graph");
    for (Node node : graph.nodes()) {
      for (Graph subgraph : node.subgraphs()) {
        subgraph.nodesWithSubgraphs().forEach(n -> captured.addAll(n.operands()));
        subgraph.outputs().forEach(o -> captured.add(o.name()));
      }
    }
  }

  /** Returns the graph that is read. */
  public Graph graph() {
    return graph;
  }

  /** Tells whether a node is a QuantizeLinear. */
  public static boolean isQuantize(Node node) {
    return isOneOf(node, "QuantizeLinear");
  }

  /** Tells whether a node is a DequantizeLinear. */
  public static boolean isDequantize(Node node) {
    return isOneOf(node, "DequantizeLinear");
  }

  /** Tells whether a node is a QuantizeLinear or a DequantizeLinear. */
  public static boolean isConversion(Node node) {
    return isQuantize(node) || isDequantize(node);
  }

  /**
   * Tells whether a node does nothing but give the meaning of integers in float: a
   * DequantizeLinear, or the Cast and the Mul by constant scales that stand in its place behind a
   * constant of INT64.
   */
  public boolean isDequantizing(Node node) {
    return isDequantize(node) || isCastOfInt64(node) || scaledInt64(node).isPresent();
  }

  private boolean isCastOfInt64(Node node) {
    return node.op().is("Cast")
        && node.operand(0).flatMap(this::constant).filter(QdqGraph::isInt64).isPresent()
        && !graph.uses(node.results().get(0)).isEmpty()
        && readers(node.results().get(0)).stream().allMatch(n -> scaledInt64(n).isPresent())
        && !isReadOutside(node.results().get(0));
  }

  private static boolean isInt64(Tensor tensor) {
    return tensor.dataType() == DataType.INT64;
  }

  /** Returns the integers of a Mul of a cast INT64 constant by one scale, or one for each. */
  private Optional<QdqValue> scaledInt64(Node mul) {
    if (!mul.op().is("Mul")) {
      return Optional.empty();
    }
    Optional<String> integers =
        mul.operand(0)
            .flatMap(graph::producer)
            .filter(
                n -> n.op().is("Cast") && n.intAttribute("to", 0) == DataType.FLOAT.onnxNumber())
            .flatMap(n -> n.operand(0));
    Optional<Tensor> given = integers.flatMap(this::constant).filter(QdqGraph::isInt64);
    Optional<Tensor> scale = mul.operand(1).flatMap(this::constant);
    boolean fits =
        given.isPresent()
            && scale.isPresent()
            && scale.get().dataType() == DataType.FLOAT
            && given.get().rank() <= 1
            && (scale.get().elementCount() == 1
                || scale.get().elementCount() == given.get().elementCount());
    return fits
        ? Optional.of(
            new QuantizedValue(
                integers.orElseThrow(),
                DataType.INT64,
                mul.operand(1).orElseThrow(),
                scale.get(),
                "",
                Optional.empty(),
                scale.get().elementCount() == 1
                    ? new QdqLayout.PerTensor()
                    : new QdqLayout.PerChannel(0)))
        : Optional.empty();
  }

  private static boolean isOneOf(Node node, String name) {
    String domain = node.op().domain();
    return node.op().name().equals(name) && (domain.isEmpty() || domain.equals("com.microsoft"));
  }

  /** Returns the contents of an initializer or the result of a Constant node. */
  public Optional<Tensor> constant(String value) {
    Tensor initializer = graph.initializers().get(value);
    if (initializer != null) {
      return Optional.of(initializer);
    }
    return graph
        .producer(value)
        .filter(n -> n.op().is("Constant"))
        .flatMap(n -> n.tensorAttribute("value"));
  }

  /**
   * Returns the integers that a float value is dequantized from; empty when it is none, or when the
   * element type of the integers is not known.
   */
  public Optional<QdqValue> dequantized(String value) {
    Optional<Node> producer = graph.producer(value);
    return producer
        .filter(QdqGraph::isDequantize)
        .flatMap(n -> n.operand(0).flatMap(integers -> value(n, integers)))
        .or(() -> producer.flatMap(this::scaledInt64));
  }

  /**
   * Returns the integers that a QuantizeLinear gives; empty when their element type is not known.
   */
  public Optional<QdqValue> quantized(Node quantize) {
    return quantize.results().stream().findFirst().flatMap(integers -> value(quantize, integers));
  }

  /** Returns the integers that an operand is dequantized from; see {@link #dequantized}. */
  public Optional<QdqValue> operand(Node node, int index) {
    return node.operand(index).flatMap(this::dequantized);
  }

  /**
   * Returns the integers that a result becomes, where a QuantizeLinear is all that reads it; see
   * {@link #quantized}.
   */
  public Optional<QdqValue> result(Node node, int index) {
    String value = node.results().get(index);
    List<Point> uses = graph.uses(value);
    return uses.size() == 1 && uses.get(0).index() == 0 && !isReadOutside(value)
        ? graph.node(uses.get(0).node()).filter(QdqGraph::isQuantize).flatMap(this::quantized)
        : Optional.empty();
  }

  /** Returns the nodes that read a value, each once, in the order of the graph. */
  public List<Node> readers(String value) {
    List<Node> readers = new ArrayList<>();
    for (Point use : graph.uses(value)) {
      Node reader = graph.node(use.node()).orElseThrow();
      if (!readers.contains(reader)) {
        readers.add(reader);
      }
    }
    return readers;
  }

  /** Tells whether a value is read outside the nodes of this graph: as an output, or captured. */
  public boolean isReadOutside(String value) {
    return graph.isOutput(value) || captured.contains(value);
  }

  private Optional<QdqValue> value(Node node, String integers) {
    Optional<String> scaleName = node.operand(1);
    Optional<DataType> type = integerType(node, integers);
    return scaleName.isPresent() && type.isPresent()
        ? value(node, integers, type.get(), scaleName.get())
        : Optional.empty();
  }

  private Optional<QdqValue> value(Node node, String integers, DataType type, String scaleName) {
    Optional<String> zeroName = node.operand(2);
    Optional<Tensor> scale = constant(scaleName);
    Optional<Tensor> zero = zeroName.flatMap(this::constant);
    if (scale.isEmpty() || zeroName.isPresent() != zero.isPresent()) {
      return Optional.of(
          new DynamicValue(
              integers, type, scaleName, zeroName.orElse(""), computedLayout(node, scaleName)));
    }
    boolean usable =
        scale.get().dataType() == DataType.FLOAT
            && scale.get().elementCount() > 0
            && zero.stream().allMatch(QdqGraph::holdsIntegers);
    return usable
        ? Optional.of(
            new QuantizedValue(
                integers,
                type,
                scaleName,
                scale.get(),
                zeroName.orElse(""),
                zero,
                layout(node, scale.get().elementCount() == 1)))
        : Optional.empty();
  }

  private static boolean holdsIntegers(Tensor zero) {
    return zero.dataType().isInteger() && zero.elementCount() > 0;
  }

  /** ONNX gives a QuantizeLinear that states no type UINT8. */
  private Optional<DataType> integerType(Node node, String integers) {
    Optional<DataType> unsaid =
        isQuantize(node) && node.operand(2).isEmpty() && node.intAttribute("output_dtype", 0) == 0
            ? Optional.of(DataType.UINT8)
            : Optional.empty();
    return elementType(integers)
        .or(() -> node.operand(2).flatMap(this::elementType))
        .or(() -> unsaid)
        .filter(DataType::isInteger);
  }

  private Optional<DataType> elementType(String value) {
    return tensorType(value)
        .map(TensorType::dataType)
        .or(() -> constant(value).map(Tensor::dataType));
  }

  private Optional<TensorType> tensorType(String value) {
    return graph.type(value).filter(TensorType.class::isInstance).map(TensorType.class::cast);
  }

  private Optional<QdqLayout> computedLayout(Node node, String scaleName) {
    return tensorType(scaleName)
        .flatMap(TensorType::shape)
        .map(shape -> layout(node, isSingle(shape)));
  }

  private static boolean isSingle(Shape shape) {
    return shape.dimensions().stream().allMatch(Dimension.of(1)::equals);
  }

  private static QdqLayout layout(Node node, boolean single) {
    long axis = node.intAttribute("axis", 1);
    long size = node.intAttribute("block_size", 0);
    if (size > 0) {
      return new QdqLayout.Blocked(axis, size);
    }
    return single ? new QdqLayout.PerTensor() : new QdqLayout.PerChannel(axis);
  }
}
