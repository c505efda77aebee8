package dev.octet.format.onnx;

import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.Finding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the conversions of one model's nodes share: the edit, what is known, and what they report.
 */
final class RaisingContext {

  private final GraphEditor editor;
  private final KnownValues known;
  private final Map<String, Tensor> added = new HashMap<>();
  private final Set<String> enlarging = new HashSet<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();

  RaisingContext(GraphEditor editor, KnownValues known) {
    this.editor = editor;
    this.known = known;
  }

  GraphEditor editor() {
    return editor;
  }

  KnownValues known() {
    return known;
  }

  List<Finding> findings() {
    return findings;
  }

  List<String> refusals() {
    return refusals;
  }

  /** Puts a constant beside a node, named after it, and returns the constant's name. */
  String constant(Node beside, String what, Tensor tensor) {
    String name = editor.freshValueName(beside.name() + "_" + what);
    editor.putInitializerBeside(beside.name(), name, tensor);
    added.put(name, tensor);
    return name;
  }

  /** Returns a constant of the model or of a conversion. */
  Optional<Tensor> constant(String value) {
    return known.constant(value).or(() -> Optional.ofNullable(added.get(value)));
  }

  /** Puts the new form of a node in its place and reports it. */
  void change(Node changed, String message) {
    editor.update(changed.name(), changed);
    report(changed, message);
  }

  /** Notes that a Resize was an Upsample, whose scales are never below 1. */
  void noteEnlarging(String node) {
    enlarging.add(node);
  }

  boolean isEnlarging(String node) {
    return enlarging.contains(node);
  }

  void report(Node node, String message) {
    findings.add(
        OnnxErrors.RAISED_NODE.aboutNode(
            node.name(), "'" + node.name() + "' (" + node.op() + ") is raised: " + message));
  }

  /** Records that a node cannot be converted. */
  void refuse(Node node, String reason) {
    refusals.add("'" + node.name() + "' (" + node.op() + "): " + reason);
  }

  /** Tells whether a node reads a value, or a graph puts it out. */
  boolean isRead(String value) {
    return known.isRead(value);
  }

  static Node withOperator(Node node, String operator) {
    return new Node(
        node.name(),
        OpType.onnx(operator),
        node.operands(),
        node.results(),
        node.attributes(),
        node.metadata(),
        node.origin());
  }

  /** Returns a node with an operand at an index; operands left out between are empty. */
  static Node withOperand(Node node, int index, String value) {
    List<String> operands = new ArrayList<>(node.operands());
    while (operands.size() <= index) {
      operands.add("");
    }
    operands.set(index, value);
    while (operands.get(operands.size() - 1).isEmpty()) {
      operands.remove(operands.size() - 1);
    }
    return node.withOperands(operands);
  }
}
