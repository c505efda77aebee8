package dev.octet.workflow.compare;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.qdq.QdqLayout;
import dev.octet.api.qdq.QdqValue;
import dev.octet.api.qdq.QuantizedValue;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.operators.Operators;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds what integers of a graph mean: by a DequantizeLinear that reads them, by the operands of an
 * operator on integers that reads or gives them, or, where an operator only moves them, by what it
 * moves.
 */
final class IntegerMeaning {

  private static final String SCALE = "_scale";

  private final QdqGraph graph;

  IntegerMeaning(QdqGraph graph) {
    this.graph = graph;
  }

  /** Returns the meaning of integers; empty where their scale is not known. */
  Optional<QuantizedValue> of(String integers) {
    return graph.readers(integers).stream()
        .flatMap(reader -> byReader(reader, integers).stream())
        .findFirst()
        .or(() -> graph.graph().producer(integers).flatMap(node -> byProducer(node, integers)));
  }

  private Optional<QuantizedValue> byReader(Node reader, String integers) {
    if (QdqGraph.isDequantize(reader)) {
      return graph
          .dequantized(reader.results().get(0))
          .filter(value -> value.value().equals(integers))
          .flatMap(IntegerMeaning::constant);
    }
    return slots(reader)
        .flatMap(slots -> quantized(slots, reader))
        .filter(slot -> reader.operand(slot.value()).filter(integers::equals).isPresent())
        .flatMap(slot -> value(reader, integers, slot.scale(), slot.zeroPoint()).stream())
        .findFirst();
  }

  private Optional<QuantizedValue> byProducer(Node node, String integers) {
    if (QdqGraph.isQuantize(node)) {
      return graph.quantized(node).flatMap(IntegerMeaning::constant);
    }
    boolean moves = Operators.find(node.op()).flatMap(OperatorDefinition::movement).isPresent();
    if (moves) {
      return node.operand(0).flatMap(this::of).map(moved -> moved.named(integers));
    }
    return slots(node)
        .flatMap(IntegerMeaning::results)
        .flatMap(slot -> value(node, integers, slot.scale(), slot.zeroPoint()).stream())
        .findFirst();
  }

  private static Optional<QuantizedValue> constant(QdqValue value) {
    return value.match(new QdqValue.Cases<>(Optional::of, dynamic -> Optional.empty()));
  }

  private static Stream<Slots> slots(Node node) {
    return Operators.find(node.op())
        .filter(OperatorDefinition::computesIntegers)
        .map(OperatorDefinition::slots)
        .stream();
  }

  private static Stream<QuantizedSlot> quantized(Slots slots, Node node) {
    Stream<QuantizedSlot> single =
        slots.names().stream().filter(name -> hasScale(slots.names(), name)).map(slots::quantized);
    Stream<QuantizedSlot> parts =
        slots.repeated().stream()
            .filter(name -> hasScale(slots.repeated(), name))
            .flatMap(name -> slots.quantizedParts(name, node.operands().size()).stream());
    return Stream.concat(single, parts);
  }

  private static boolean hasScale(List<String> names, String name) {
    return names.stream().anyMatch(other -> other.equalsIgnoreCase(name + SCALE));
  }

  /** Returns the parameters of which no operand has the integers: those of the result. */
  private static Stream<ParameterSlot> results(Slots slots) {
    return slots.names().stream()
        .filter(name -> name.toLowerCase(Locale.ROOT).endsWith(SCALE))
        .map(name -> name.substring(0, name.length() - SCALE.length()))
        .filter(name -> slots.names().stream().noneMatch(name::equalsIgnoreCase))
        .map(slots::parameters);
  }

  private Optional<QuantizedValue> value(Node node, String integers, int scale, int zeroPoint) {
    String scaleName = node.operand(scale).orElse("");
    String zeroName = node.operand(zeroPoint).orElse("");
    Optional<Tensor> scales =
        graph
            .constant(scaleName)
            .filter(s -> s.dataType() == DataType.FLOAT && s.elementCount() == 1);
    Optional<Tensor> zero = graph.constant(zeroName);
    Optional<DataType> type =
        graph
            .graph()
            .type(integers)
            .flatMap(ValueType::tensor)
            .map(ValueType.TensorType::dataType)
            .or(() -> zero.map(Tensor::dataType));
    return scales.isPresent() && type.isPresent()
        ? Optional.of(
            new QuantizedValue(
                integers,
                type.get(),
                scaleName,
                scales.get(),
                zeroName,
                zero,
                new QdqLayout.PerTensor()))
        : Optional.empty();
  }
}
