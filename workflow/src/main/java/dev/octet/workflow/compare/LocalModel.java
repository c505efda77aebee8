package dev.octet.workflow.compare;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.qdq.QuantizedValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A quantized model that is cut at every value that has a counterpart: who reads the value reads
 * what the caller gives in its place, quantized as the value is, and what the model computes is an
 * output. Given the values of the float model, each output has the error of the nodes before it
 * alone. Immutable.
 */
final class LocalModel {

  private final GraphEditor editor;
  private final Graph graph;
  private final List<ValueInfo> inputs;
  private final List<ValueInfo> outputs = new ArrayList<>();
  private final Map<String, String> given = new LinkedHashMap<>();
  private final Map<String, String> results = new LinkedHashMap<>();
  private final Model model;

  private LocalModel(Model quantized, Graph graph, List<Counterpart> counterparts) {
    this.graph = graph;
    this.editor = new GraphEditor(graph);
    this.inputs = new ArrayList<>(graph.inputs());
    counterparts.stream().filter(each -> !each.isInput()).forEach(this::cut);
    counterparts.forEach(this::show);
    editor.setInputs(inputs);
    editor.setOutputs(outputs);
    this.model = quantized.withGraph(editor.finish().graph());
  }

  /**
   * Cuts a model.
   *
   * @param quantized the model
   * @param graph its main graph, with types
   * @param counterparts where it is cut; at an input nothing is
   */
  static LocalModel of(Model quantized, Graph graph, List<Counterpart> counterparts) {
    return new LocalModel(quantized, graph, counterparts);
  }

  Model model() {
    return model;
  }

  /** Returns the names of the inputs that take values of the float model, by these. */
  Map<String, String> given() {
    return given;
  }

  /** Returns the names of the outputs by the values of the float model. */
  Map<String, String> results() {
    return results;
  }

  private void cut(Counterpart counterpart) {
    String name = editor.freshValueName(counterpart.tensor() + "_given");
    String value = counterpart.computed();
    Optional<ValueType.TensorType> type = graph.type(value).flatMap(ValueType::tensor);
    ValueType floats =
        new ValueType.TensorType(DataType.FLOAT, type.flatMap(ValueType.TensorType::shape));
    inputs.add(ValueInfo.of(name, floats));
    given.put(counterpart.tensor(), name);
    editor.replaceUses(value, counterpart.integers() ? quantized(counterpart, name) : name);
  }

  private String quantized(Counterpart counterpart, String floats) {
    QuantizedValue meaning = counterpart.read().meaning().orElseThrow();
    String integers = editor.freshValueName(counterpart.tensor() + "_given_integers");
    String scale = constant(counterpart.tensor() + "_given_scale", meaning.scale());
    String zero =
        constant(
            counterpart.tensor() + "_given_zero_point",
            meaning.zero().orElseGet(() -> Tensor.ofIntegers(meaning.type(), new long[] {0})));
    editor.insertFirst(
        Node.of(
            editor.freshNodeName(integers),
            OpType.onnx("QuantizeLinear"),
            List.of(floats, scale, zero),
            List.of(integers)));
    return integers;
  }

  private String constant(String base, Tensor content) {
    String name = editor.freshValueName(base);
    editor.putInitializer(name, content.reshaped());
    return name;
  }

  /** The nodes between what is computed and what is read stand twice: here, and behind the cut. */
  private void show(Counterpart counterpart) {
    Map<String, String> copies = new HashMap<>();
    if (!counterpart.isInput()) {
      for (Node node : counterpart.read().chain()) {
        copy(node, counterpart.computed(), copies);
      }
    }
    String read = counterpart.read().name();
    String shown = copies.getOrDefault(read, read);
    ValueType type =
        graph.type(read).orElseGet(() -> new ValueType.Other("not stated by the model"));
    editor.removeValue(shown);
    outputs.add(ValueInfo.of(shown, type));
    results.put(counterpart.tensor(), shown);
  }

  private void copy(Node node, String start, Map<String, String> copies) {
    List<String> operands = new ArrayList<>();
    for (String operand : node.operands()) {
      operands.add(operand.equals(start) ? start : copies.getOrDefault(operand, operand));
    }
    List<String> names = new ArrayList<>();
    for (String result : node.results()) {
      names.add(result.isEmpty() ? "" : editor.freshValueName(result + "_shown"));
      copies.put(result, names.get(names.size() - 1));
    }
    Node copy =
        new Node(
            editor.freshNodeName(node.name() + "_shown"),
            node.op(),
            operands,
            names,
            node.attributes(),
            node.metadata(),
            Optional.empty());
    editor.insertAfter(node.name(), copy);
  }
}
