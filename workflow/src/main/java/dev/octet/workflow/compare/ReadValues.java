package dev.octet.workflow.compare;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.qdq.QdqValue;
import dev.octet.api.qdq.QuantizedValue;
import dev.octet.workflow.evaluate.IntegerRange;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Finds what is read of a value of a quantized model. Where everyone who reads it is a node that
 * quantization put there, and one of them, perhaps behind a Clip, is a QuantizeLinear, that are its
 * integers; where scales are computed while the model runs, what a DequantizeLinear makes of those;
 * behind a Cast to float16, what the Cast back gives.
 */
final class ReadValues {

  private static final Set<String> BOUNDING = Set.of("Clip", "Min", "Max");

  private final QdqGraph graph;
  private final Predicate<Node> isUsers;
  private final Map<String, Integer> places = new HashMap<>();

  /**
   * Looks at a model.
   *
   * @param graph its main graph, with types
   * @param isUsers tells whether a node was in the float model
   */
  ReadValues(QdqGraph graph, Predicate<Node> isUsers) {
    this.graph = graph;
    this.isUsers = isUsers;
    graph.graph().nodes().forEach(node -> places.put(node.name(), places.size()));
  }

  /** Returns what is read of a float value. */
  ReadValue of(String value) {
    List<Node> readers = graph.readers(value);
    boolean passed =
        !readers.isEmpty() && !graph.isReadOutside(value) && readers.stream().noneMatch(isUsers);
    return readers.stream()
        .filter(reader -> passed)
        .flatMap(reader -> behind(value, value, reader).stream())
        .findFirst()
        .orElseGet(() -> new ReadValue(value, List.of(), Optional.empty(), someRange(value)));
  }

  /** Returns what is read of an input that takes integers; empty where nobody dequantizes it. */
  Optional<ReadValue> dequantized(String input) {
    return graph.readers(input).stream()
        .filter(QdqGraph::isDequantize)
        .map(node -> node.results().get(0))
        .flatMap(
            floats ->
                constant(graph.dequantized(floats))
                    .map(
                        meaning ->
                            new ReadValue(
                                floats, List.of(), Optional.empty(), range(meaning, List.of())))
                    .stream())
        .findFirst();
  }

  /** A value that is read as it is may be quantized by one of those who read it. */
  private Optional<IntegerRange> someRange(String value) {
    return graph.readers(value).stream()
        .filter(node -> QdqGraph.isQuantize(node) && reads(node, value))
        .flatMap(node -> constant(graph.quantized(node)).stream())
        .flatMap(quantized -> range(quantized, List.of()).stream())
        .findFirst();
  }

  private Optional<ReadValue> behind(String start, String value, Node reader) {
    if (isUsers.test(reader) || !reads(reader, value)) {
      return Optional.empty();
    }
    String result = reader.results().get(0);
    if (QdqGraph.isQuantize(reader)) {
      return graph.quantized(reader).flatMap(integers -> quantized(start, integers));
    }
    if (reader.op().is("DynamicQuantizeLinear")) {
      return dequantized(start, result);
    }
    if (reader.op().is("Cast")) {
      return casts(reader, DataType.FLOAT16)
          ? graph.readers(result).stream()
              .filter(node -> casts(node, DataType.FLOAT))
              .flatMap(node -> through(start, node.results().get(0)).stream())
              .findFirst()
          : Optional.empty();
    }
    return BOUNDING.contains(reader.op().name())
        ? graph.readers(result).stream()
            .flatMap(next -> behind(start, result, next).stream())
            .findFirst()
        : Optional.empty();
  }

  private static boolean reads(Node node, String value) {
    return node.operand(0).filter(value::equals).isPresent();
  }

  private static boolean casts(Node node, DataType type) {
    return node.op().is("Cast") && node.intAttribute("to", 0) == type.onnxNumber();
  }

  private Optional<ReadValue> quantized(String start, QdqValue integers) {
    return integers.match(
        new QdqValue.Cases<Optional<ReadValue>>(
            constant ->
                chain(start, constant.value())
                    .map(
                        chain ->
                            new ReadValue(
                                constant.value(),
                                chain,
                                Optional.of(constant),
                                range(constant, chain))),
            dynamic -> dequantized(start, dynamic.value())));
  }

  private Optional<ReadValue> dequantized(String start, String integers) {
    return graph.readers(integers).stream()
        .filter(QdqGraph::isDequantize)
        .flatMap(node -> through(start, node.results().get(0)).stream())
        .findFirst();
  }

  private Optional<ReadValue> through(String start, String floats) {
    return chain(start, floats)
        .map(chain -> new ReadValue(floats, chain, Optional.empty(), Optional.empty()));
  }

  /** Returns what lies between two values; empty where it reads anything that is computed else. */
  private Optional<List<Node>> chain(String start, String end) {
    SortedMap<Integer, Node> needed = new TreeMap<>();
    Deque<String> open = new ArrayDeque<>(List.of(end));
    while (!open.isEmpty()) {
      String value = open.pop();
      Optional<Node> producer = graph.graph().producer(value);
      boolean constant = graph.constant(value).isPresent();
      if (value.equals(start) || value.isEmpty() || constant) {
        continue;
      }
      if (producer.isEmpty() || isUsers.test(producer.get())) {
        return Optional.empty();
      }
      int place = Objects.requireNonNull(places.get(producer.get().name()));
      if (needed.put(place, producer.get()) == null) {
        producer.get().operands().forEach(open::push);
      }
    }
    return Optional.of(List.copyOf(needed.values()));
  }

  private static Optional<QuantizedValue> constant(Optional<QdqValue> value) {
    return value.flatMap(
        v -> v.match(new QdqValue.Cases<>(Optional::of, dynamic -> Optional.empty())));
  }

  /** Returns the range of integers, less what Clips before them leave out. */
  Optional<IntegerRange> range(QuantizedValue integers, List<Node> chain) {
    if (!integers.isPerTensor()) {
      return Optional.empty();
    }
    IntegerRange range =
        IntegerRange.of(integers.type(), integers.firstScale(), integers.firstZero());
    for (Node node : chain) {
      if (node.op().is("Clip")) {
        range =
            range.within(
                bound(node, 1, "min", Float.NEGATIVE_INFINITY),
                bound(node, 2, "max", Float.POSITIVE_INFINITY));
      }
    }
    return Optional.of(range);
  }

  private double bound(Node clip, int index, String attribute, float absent) {
    return clip.operand(index)
        .flatMap(graph::constant)
        .filter(bound -> bound.dataType() == DataType.FLOAT && bound.elementCount() == 1)
        .map(Tensor::floats)
        .map(bound -> bound[0])
        .orElseGet(() -> clip.floatAttribute(attribute, absent));
  }
}
