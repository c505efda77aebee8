package dev.octet.kernels.cases;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model of one node in which something is not as its operator wants it.
 *
 * @param change what was changed, in words
 * @param opset the version of the default operator set
 * @param node the node
 * @param inputs the tensors of the graph's inputs by name
 * @param constants the initializers by name
 */
record Mutant(
    String change,
    long opset,
    Node node,
    Map<String, Tensor> inputs,
    Map<String, Tensor> constants) {

  /** Returns the node of a case as it is. */
  static Mutant of(OperatorCase original) {
    Model model = original.node().model();
    return new Mutant(
        original.toString(),
        model.opsets().getOrDefault("", 1L),
        model.graph().nodes().get(0),
        original.node().inputs(),
        model.graph().initializers());
  }

  /** Returns the model; no output has a type but that of the case. */
  Model model() {
    List<ValueInfo> declared = new ArrayList<>();
    inputs.forEach((name, tensor) -> declared.add(ValueInfo.of(name, tensor.type())));
    List<ValueInfo> outputs = new ArrayList<>();
    for (String result : node.results()) {
      if (!result.isEmpty()) {
        outputs.add(
            ValueInfo.of(result, new ValueType.TensorType(DataType.FLOAT, Optional.empty())));
      }
    }
    return Model.of(
        new Graph("g", declared, outputs, constants, List.of(node), Map.of(), Optional.empty()),
        opset);
  }

  /** Returns the tensor of an operand; empty when it is left out. */
  Optional<Tensor> operand(int index) {
    String name = node.operands().get(index);
    return Optional.ofNullable(inputs.getOrDefault(name, constants.get(name)));
  }

  /** Returns this with another tensor for an operand. */
  Mutant with(String words, int index, Tensor tensor) {
    String name = node.operands().get(index);
    return new Mutant(
        changed("operand " + index + " " + words),
        opset,
        node,
        replaced(inputs, name, tensor),
        replaced(constants, name, tensor));
  }

  private static Map<String, Tensor> replaced(
      Map<String, Tensor> tensors, String name, Tensor tensor) {
    Map<String, Tensor> result = new LinkedHashMap<>(tensors);
    result.computeIfPresent(name, (key, old) -> tensor);
    return result;
  }

  /** Returns this with another list of operands; an unknown one is an input of one FLOAT. */
  Mutant withOperands(String words, List<String> operands) {
    Map<String, Tensor> more = new LinkedHashMap<>(inputs);
    for (String operand : operands) {
      if (!operand.isEmpty() && !constants.containsKey(operand)) {
        more.putIfAbsent(operand, Tensor.of(new float[] {1}, 1));
      }
    }
    return new Mutant(changed(words), opset, node.withOperands(operands), more, constants);
  }

  /** Returns this with constants for all inputs. */
  Mutant constant() {
    Map<String, Tensor> all = new LinkedHashMap<>(constants);
    all.putAll(inputs);
    return new Mutant(changed("of constants"), opset, node, Map.of(), all);
  }

  /** Returns this with inputs for all constants. */
  Mutant ofInputs() {
    Map<String, Tensor> all = new LinkedHashMap<>(inputs);
    all.putAll(constants);
    return new Mutant(changed("of inputs"), opset, node, all, Map.of());
  }

  /** Returns this with an attribute, in the place of the one of that name. */
  Mutant with(Attribute attribute) {
    return new Mutant(
        changed(attribute.name() + " " + attribute.value()),
        opset,
        node.withAttribute(attribute),
        inputs,
        constants);
  }

  /** Returns this without an attribute. */
  Mutant without(String attribute) {
    return new Mutant(
        changed("no " + attribute), opset, node.withoutAttribute(attribute), inputs, constants);
  }

  /** Returns this with more results. */
  Mutant withResults(List<String> results) {
    return new Mutant(
        changed("results " + results), opset, node.withResults(results), inputs, constants);
  }

  private String changed(String words) {
    return change + " | " + words;
  }

  /** Returns the case and what was changed. */
  @Override
  public String toString() {
    return change;
  }
}
