package dev.octet.workflow.evaluate;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType;
import dev.octet.workflow.plan.NodeReads;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The layers of the main graph of a float model whose weights a quantized model stores otherwise,
 * and which value of the one is which of the other. Nodes are the same by name, or by the name of
 * their result; a value is the same where the same node gives it. Where a result is read by nobody
 * but a QuantizeLinear with a DequantizeLinear behind it, the value is what that gives.
 */
final class QuantizedLayers {

  private static final OpType QUANTIZE = OpType.onnx("QuantizeLinear");
  private static final OpType DEQUANTIZE = OpType.onnx("DequantizeLinear");

  private final Graph reference;
  private final Graph quantized;
  private final Map<String, Layer> layers = new LinkedHashMap<>();
  private final Map<String, List<Node>> readers = new HashMap<>();
  private final Map<String, Set<String>> behind = new HashMap<>();
  private final Map<String, Set<String>> before = new HashMap<>();

  /**
   * Finds the layers.
   *
   * @param reference the float model, normalised
   * @param quantized the quantized model, with constants folded
   */
  QuantizedLayers(Model reference, Model quantized) {
    this.reference = reference.graph();
    this.quantized = quantized.graph();
    for (Node node : this.reference.nodes()) {
      NodeReads.of(node)
          .forEach(v -> readers.computeIfAbsent(v, name -> new ArrayList<>()).add(node));
      layer(node).ifPresent(layer -> layers.put(node.name(), layer));
    }
    layers.values().forEach(this::lookBehind);
  }

  /**
   * A layer.
   *
   * @param node the node of the float model
   * @param twin that of the quantized one
   * @param weight the index of the operand that is its weight
   * @param input the value of the float model that it computes on; empty when that are inputs of
   *     the model, or no floats
   * @param result the value of the float model that it gives
   */
  record Layer(Node node, Node twin, int weight, Optional<String> input, String result) {}

  /** Returns the layers in the order of the float model. */
  List<Layer> layers() {
    return List.copyOf(layers.values());
  }

  /** Returns the names of values of the float model that are measured, and those of their twins. */
  Map<String, String> values() {
    Set<String> wanted = new LinkedHashSet<>();
    for (Layer layer : layers.values()) {
      layer.input().ifPresent(wanted::add);
      wanted.add(layer.result());
      wanted.addAll(readBehind(layer));
    }
    Map<String, String> pairs = new LinkedHashMap<>();
    wanted.forEach(value -> twin(value).ifPresent(twin -> pairs.put(value, twin)));
    return pairs;
  }

  /**
   * Returns the values, computed from a layer's result by nodes that are no quantized layers, that
   * quantized layers read or that are outputs.
   */
  Set<String> readBehind(Layer layer) {
    return behind.getOrDefault(layer.node().name(), Set.of());
  }

  /** Returns the names of the layers whose results reach a layer through no other one. */
  Set<String> before(String layer) {
    return before.getOrDefault(layer, Set.of());
  }

  /** Returns the name of the first layer that reads a value. */
  Optional<String> reader(String value) {
    return readers.getOrDefault(value, List.of()).stream()
        .map(Node::name)
        .filter(layers::containsKey)
        .findFirst();
  }

  private void lookBehind(Layer layer) {
    Set<String> read = new LinkedHashSet<>();
    Set<String> seen = new LinkedHashSet<>(List.of(layer.result()));
    Deque<String> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      String value = open.pop();
      if (reference.isOutput(value)) {
        read.add(value);
      }
      for (Node reader : readers.getOrDefault(value, List.of())) {
        if (layers.containsKey(reader.name())) {
          read.add(value);
          before
              .computeIfAbsent(reader.name(), name -> new LinkedHashSet<>())
              .add(layer.node().name());
        } else {
          reader.results().stream().filter(v -> !v.isEmpty() && seen.add(v)).forEach(open::push);
        }
      }
    }
    read.removeIf(value -> !isFloat(reference, value));
    behind.put(layer.node().name(), read);
  }

  private Optional<Layer> layer(Node node) {
    Optional<Node> twin = twin(node);
    if (twin.isEmpty()) {
      return Optional.empty();
    }
    for (int i = 0; i < node.operands().size(); i++) {
      Tensor constant = reference.initializers().get(node.operands().get(i));
      if (constant != null && isWeight(constant) && isStoredOtherwise(twin.get(), i)) {
        return Optional.of(new Layer(node, twin.get(), i, input(node, i), node.results().get(0)));
      }
    }
    return Optional.empty();
  }

  /** Tells whether a constant of a float model is what a layer has as its weight. */
  static boolean isWeight(Tensor constant) {
    return constant.dataType() == DataType.FLOAT && constant.rank() > 1;
  }

  private boolean isStoredOtherwise(Node twin, int index) {
    Optional<Tensor> stored =
        twin.operand(index).flatMap(v -> Optional.ofNullable(quantized.initializers().get(v)));
    return stored.isEmpty() || stored.get().dataType() != DataType.FLOAT;
  }

  private Optional<String> input(Node node, int weight) {
    for (int i = 0; i < node.operands().size(); i++) {
      String operand = node.operands().get(i);
      boolean computed = i != weight && reference.producer(operand).isPresent();
      if (computed && isFloat(reference, operand)) {
        return Optional.of(operand);
      }
    }
    return Optional.empty();
  }

  private Optional<Node> twin(Node node) {
    Optional<Node> sameName = quantized.node(node.name());
    return sameName.isPresent() ? sameName : quantized.producer(node.results().get(0));
  }

  private Optional<String> twin(String value) {
    if (reference.producer(value).isEmpty()) {
      return Optional.empty();
    }
    Optional<String> sameName = Optional.of(value).filter(v -> quantized.producer(v).isPresent());
    return sameName
        .or(() -> resultOfTwin(value))
        .map(this::dequantized)
        .filter(name -> isFloat(quantized, name));
  }

  private Optional<String> resultOfTwin(String value) {
    return reference
        .producer(value)
        .flatMap(
            node ->
                twin(node)
                    .filter(twin -> twin.results().size() == node.results().size())
                    .map(twin -> twin.results().get(node.results().indexOf(value))));
  }

  private String dequantized(String result) {
    Optional<String> integers = onlyReader(result, QUANTIZE);
    return integers.flatMap(value -> onlyReader(value, DEQUANTIZE)).orElse(result);
  }

  private Optional<String> onlyReader(String value, OpType op) {
    List<Point> uses = quantized.uses(value);
    return uses.size() == 1 && !quantized.isOutput(value)
        ? quantized
            .node(uses.get(0).node())
            .filter(node -> node.op().equals(op) && node.operands().get(0).equals(value))
            .map(node -> node.results().get(0))
        : Optional.empty();
  }

  private static boolean isFloat(Graph graph, String value) {
    return graph
        .type(value)
        .flatMap(ValueType::tensor)
        .map(type -> type.dataType() == DataType.FLOAT)
        .orElse(true);
  }
}
