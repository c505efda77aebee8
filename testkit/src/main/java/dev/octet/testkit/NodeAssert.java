package dev.octet.testkit;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedNode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Assertions on the decision on one node; see {@link PlanAssert}. Immutable and thread-safe. */
public final class NodeAssert {

  private final PlanAssert whole;
  private final PlannedNode node;

  NodeAssert(PlanAssert whole, PlannedNode node) {
    this.whole = whole;
    this.node = node;
  }

  Plan plan() {
    return whole.plan();
  }

  PlannedNode planned() {
    return node;
  }

  /** Goes on to another node; see {@link PlanAssert#node}. */
  public NodeAssert node(String name) {
    return whole.node(name);
  }

  /** Asserts that a rule owns the node and quantizes it. */
  public NodeAssert isOwnedBy(String rule) {
    Objects.requireNonNull(rule, "rule");
    if (!node.quantized() || !node.rule().equals(Optional.of(rule))) {
      Set<String> rules = new TreeSet<>();
      plan().nodes().forEach(other -> other.rule().ifPresent(rules::add));
      throw new AssertionError(
          "expected that rule '%s' owns node %s; %s; rules that own nodes here: %s"
              .formatted(rule, PlanAssert.words(node), decider(), rules));
    }
    return this;
  }

  /** Asserts that a quantizer of a composition owns the node. */
  public NodeAssert isOf(String quantizer) {
    Objects.requireNonNull(quantizer, "quantizer");
    if (!node.quantizer().equals(Optional.of(quantizer))) {
      throw new AssertionError(
          "expected that quantizer '%s' owns node %s; it is of %s"
              .formatted(
                  quantizer,
                  PlanAssert.words(node),
                  node.quantizer().map(name -> "'" + name + "'").orElse("none by name")));
    }
    return this;
  }

  /** Asserts that the node is there and stays float. */
  public NodeAssert isFloat() {
    if (node.quantized() || node.folded().isPresent()) {
      throw new AssertionError(
          "expected that node %s stays float; %s; quantized there: %s"
              .formatted(PlanAssert.words(node), decider(), quantizedPoints()));
    }
    return this;
  }

  /**
   * Asserts why the node stays float.
   *
   * @param reason a part of the reason, such as {@code weight is not constant}
   */
  public NodeAssert because(String reason) {
    isFloat();
    if (!node.reason().orElse("").contains(reason)) {
      throw new AssertionError(
          "expected that node '%s' (%s) stays float because '%s'; the plan says: '%s' (%s)"
              .formatted(node.name(), node.op(), reason, node.reason().orElse(""), decider()));
    }
    return this;
  }

  /**
   * Asserts who decided.
   *
   * @param who a part of what the plan says, such as {@code rule conv} or {@code node:conv1}
   */
  public NodeAssert isDecidedBy(String who) {
    if (!node.decidedBy().contains(who)) {
      throw new AssertionError(
          "expected that '%s' decides node %s; %s"
              .formatted(who, PlanAssert.words(node), decider()));
    }
    return this;
  }

  /** Asserts that normalisation or the backend did away with the node. */
  public NodeAssert isFolded() {
    if (node.folded().isEmpty()) {
      throw new AssertionError("expected that node %s is gone".formatted(PlanAssert.words(node)));
    }
    return this;
  }

  /**
   * Goes on to an operand.
   *
   * @param index from 0
   * @throws AssertionError if the node has no such operand, or is gone
   */
  public NodePointAssert operand(int index) {
    return point("operand", index, inGraph().operands(), Point.operand(node.name(), index));
  }

  /**
   * Goes on to a result.
   *
   * @param index from 0
   * @throws AssertionError if the node has no such result, or is gone
   */
  public NodePointAssert result(int index) {
    return point("result", index, inGraph().results(), Point.result(node.name(), index));
  }

  private NodePointAssert point(String what, int index, List<String> values, Point point) {
    if (index >= values.size() || values.get(index).isEmpty()) {
      throw new AssertionError(
          "node '%s' (%s) has no %s %s; its %ss: %s"
              .formatted(node.name(), node.op(), what, index, what, values));
    }
    return new NodePointAssert(this, point, values.get(index));
  }

  private Node inGraph() {
    return plan().prepared().model().graph().nodesWithSubgraphs().stream()
        .filter(other -> other.name().equals(node.name()))
        .findFirst()
        .orElseThrow(
            () -> new AssertionError("node %s has no points".formatted(PlanAssert.words(node))));
  }

  private String decider() {
    return "decided by " + node.decidedBy();
  }

  /** Returns the points of the node of which the plan says something. */
  String quantizedPoints() {
    List<Point> points = PlanWords.points(node);
    return points.isEmpty() ? "nothing" : PlanWords.join(points);
  }
}
