package dev.octet.kernels.lower;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A typed graph, asked for its QuantizeLinear and DequantizeLinear nodes and for constants. */
final class QdqGraph {

  private final Graph graph;
  private final long opset;
  private final Set<String> captured = new HashSet<>();

  QdqGraph(Graph typed, long opset) {
    this.graph = typed;
    this.opset = opset;
    for (Node node : typed.nodes()) {
      for (Graph subgraph : node.subgraphs()) {
        subgraph.nodesWithSubgraphs().forEach(n -> captured.addAll(n.operands()));
        subgraph.outputs().forEach(o -> captured.add(o.name()));
      }
    }
  }

  Graph graph() {
    return graph;
  }

  long opset() {
    return opset;
  }

  static boolean isQuantize(Node node) {
    return isOneOf(node, "QuantizeLinear");
  }

  static boolean isDequantize(Node node) {
    return isOneOf(node, "DequantizeLinear");
  }

  private static boolean isOneOf(Node node, String name) {
    String domain = node.op().domain();
    return node.op().name().equals(name) && (domain.isEmpty() || domain.equals("com.microsoft"));
  }

  /** Returns the contents of an initializer or the result of a Constant node. */
  Optional<Tensor> constant(String value) {
    Tensor initializer = graph.initializers().get(value);
    if (initializer != null) {
      return Optional.of(initializer);
    }
    return graph
        .producer(value)
        .filter(n -> n.op().is("Constant"))
        .flatMap(n -> n.tensorAttribute("value"));
  }

  /** Returns the element type of a value, where it is known. */
  Optional<DataType> dataType(String value) {
    return graph
        .type(value)
        .filter(TensorType.class::isInstance)
        .map(t -> ((TensorType) t).dataType());
  }

  /** Returns the rank of a value, where it is known. */
  Optional<Integer> rank(String value) {
    return graph
        .type(value)
        .filter(TensorType.class::isInstance)
        .flatMap(t -> ((TensorType) t).shape())
        .map(s -> s.rank());
  }

  /**
   * Returns the integers that a float value is dequantized from, when their constants are known.
   */
  Optional<QuantizedValue> dequantized(String value) {
    return graph
        .producer(value)
        .filter(QdqGraph::isDequantize)
        .flatMap(n -> quantizedValue(n, n.operands().get(0)));
  }

  /** Returns the integers that a QuantizeLinear gives, when their constants are known. */
  Optional<QuantizedValue> quantized(Node quantize) {
    return quantizedValue(quantize, quantize.results().get(0));
  }

  private Optional<QuantizedValue> quantizedValue(Node node, String integers) {
    Optional<Tensor> scale = constant(node.operands().get(1));
    Optional<String> zeroName = node.operand(2);
    Optional<Tensor> zero = zeroName.flatMap(this::constant);
    Optional<DataType> type = dataType(integers);
    boolean known =
        scale.isPresent()
            && scale.get().dataType() == DataType.FLOAT
            && scale.get().elementCount() > 0
            && (zeroName.isEmpty() || zero.isPresent())
            && type.isPresent()
            && node.intAttribute("block_size", 0) == 0;
    if (!known) {
      return Optional.empty();
    }
    return Optional.of(
        new QuantizedValue(
            integers,
            type.get(),
            node.operands().get(1),
            scale.get(),
            zeroName.orElse(""),
            zero,
            node.intAttribute("axis", 1)));
  }

  /** Returns the nodes that read a value, each once, in the order of the graph. */
  List<Node> readers(String value) {
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
  boolean isReadOutside(String value) {
    return graph.isOutput(value) || captured.contains(value);
  }
}
