package dev.octet.format.onnx;

import static java.util.stream.Collectors.joining;

import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.FindingId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the conversions of one model's nodes share: the edit, what is known, and what they report.
 */
final class RaisingContext {

  private static final int NAMED = 3;

  private final GraphEditor editor;
  private final KnownValues known;
  private final Map<String, Tensor> added = new HashMap<>();
  private final Set<String> enlarging = new HashSet<>();

  /** Which nodes changed in one way, by that way. */
  private final Map<Change, List<String>> changes = new LinkedHashMap<>();

  private final List<String> refusals = new ArrayList<>();

  /** One way in which nodes of an operator change. */
  private record Change(OpType operator, String words) {}

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

  /** Returns a finding for each kind of change, which names a few of its nodes. */
  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    changes.forEach((change, nodes) -> findings.add(finding(change, nodes)));
    return findings;
  }

  private static Finding finding(Change change, List<String> nodes) {
    String first = nodes.get(0);
    boolean alone = nodes.size() == 1;
    String who =
        alone ? "'" + first + "' (" + change.operator() + ") is" : several(change, nodes) + " are";
    String fact = who + " raised: " + change.words();
    FindingId id = OnnxErrors.RAISED_NODE;
    return alone ? id.aboutNode(first, fact) : id.about(fact);
  }

  private static String several(Change change, List<String> nodes) {
    String names = nodes.stream().limit(NAMED).collect(joining("', '", "'", "'"));
    String more = nodes.size() > NAMED ? " and " + (nodes.size() - NAMED) + " more" : "";
    return nodes.size() + " nodes (" + change.operator() + ": " + names + more + ")";
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
    changes
        .computeIfAbsent(new Change(node.op(), message), change -> new ArrayList<>())
        .add(node.name());
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
