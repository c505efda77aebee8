package dev.octet.cli.forms;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.operator.OperatorSignature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * One way to write an operator: its node {@code form} reads the value {@code v} and makes {@code
 * u}.
 *
 * @param what what is special about it
 * @param place the network around it
 * @param node the node
 * @param constants its constants
 * @param since the first operator set in which it is written so
 * @param until the last
 * @param integer whether {@code cpu} and {@code onnxruntime} must quantize it
 */
record OperatorForm(
    String what,
    Place place,
    Node node,
    Map<String, Tensor> constants,
    long since,
    long until,
    boolean integer) {

  /** The newest operator set to which models are raised. */
  static final long NEWEST = 25;

  static final long OLDEST = 7;

  /**
   * A form of an operator without operands, in every operator set that has it.
   *
   * @param op the operator's name, behind that of its domain where that is not ONNX's
   */
  static OperatorForm of(Place place, String op) {
    int dot = op.lastIndexOf('.');
    OpType type = new OpType(op.substring(0, Math.max(dot, 0)), op.substring(dot + 1));
    Node node = Node.of("form", type, List.of(), List.of("u"));
    return new OperatorForm("plain", place, node, Map.of(), OLDEST, NEWEST, false);
  }

  /** Says what is special about the form. */
  OperatorForm called(String words) {
    return new OperatorForm(words, place, node, constants, since, until, integer);
  }

  /** Adds operands behind those that are there; {@code t} is a second value as {@code v}. */
  OperatorForm reads(String... operands) {
    List<String> all = new ArrayList<>(node.operands());
    all.addAll(List.of(operands));
    return new OperatorForm(what, place, node.withOperands(all), constants, since, until, integer);
  }

  /** Adds a constant operand. */
  OperatorForm constant(String name, Tensor tensor) {
    Map<String, Tensor> all = new LinkedHashMap<>(constants);
    all.put(name, tensor);
    return new OperatorForm(what, place, node, all, since, until, integer).reads(name);
  }

  /** Adds a constant operand of indices. */
  OperatorForm indices(String name, long... indices) {
    return constant(name, Tensor.of(indices, indices.length));
  }

  OperatorForm with(Attribute... attributes) {
    Node changed = node;
    for (Attribute attribute : attributes) {
      changed = changed.withAttribute(attribute);
    }
    return new OperatorForm(what, place, changed, constants, since, until, integer);
  }

  OperatorForm from(long opset) {
    return new OperatorForm(what, place, node, constants, opset, until, integer);
  }

  OperatorForm upTo(long opset) {
    return new OperatorForm(what, place, node, constants, since, opset, integer);
  }

  OperatorForm mustBeInteger() {
    return new OperatorForm(what, place, node, constants, since, until, true);
  }

  String name() {
    return node.op() + " " + what + " " + place.name();
  }

  /**
   * Returns the operator sets in which the operator is defined anew, and the last one; that alone
   * of another domain, whose versions are its own.
   */
  List<Long> opsets() {
    if (!node.op().domain().isEmpty()) {
      return List.of(until);
    }
    TreeSet<Long> opsets = new TreeSet<>(List.of(since, until));
    Optional<OperatorSignature> signature = OperatorSignature.of(node.op());
    signature.ifPresent(
        known ->
            known.versions().stream().filter(v -> v > since && v < until).forEach(opsets::add));
    return opsets.stream()
        .filter(opset -> signature.isEmpty() || signature.get().since(opset).isPresent())
        .toList();
  }

  /**
   * Tells whether a graph that a backend made hands on integers of what the node makes, or has it
   * folded into a layer.
   */
  static boolean isInteger(Graph quantized) {
    return quantized.node("form").map(form -> isQuantized(quantized, form)).orElse(true);
  }

  private static boolean isQuantized(Graph graph, Node form) {
    return graph.uses(form.results().get(0)).stream()
        .anyMatch(use -> graph.node(use.node()).orElseThrow().op().is("QuantizeLinear"));
  }
}
