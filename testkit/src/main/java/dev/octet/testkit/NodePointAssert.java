package dev.octet.testkit;

import dev.octet.api.graph.Point;
import java.util.Optional;

/** Assertions on an operand or a result of a node; see {@link PlanAssert}. */
public final class NodePointAssert extends PointAssert<NodePointAssert> {

  private final NodeAssert node;
  private final Point point;
  private final String value;

  NodePointAssert(NodeAssert node, Point point, String value) {
    super(node.plan(), point);
    this.node = node;
    this.point = point;
    this.value = value;
  }

  /** Goes on to an operand of the same node; see {@link NodeAssert#operand}. */
  public NodePointAssert operand(int index) {
    return node.operand(index);
  }

  /** Goes on to a result of the same node; see {@link NodeAssert#result}. */
  public NodePointAssert result(int index) {
    return node.result(index);
  }

  /** Goes on to another node; see {@link PlanAssert#node}. */
  public NodeAssert node(String name) {
    return node.node(name);
  }

  @Override
  NodePointAssert self() {
    return this;
  }

  @Override
  String named() {
    return value.equals(point.node()) ? point.toString() : point + " ('" + value + "')";
  }

  @Override
  String around() {
    return PlanWords.decision(node.planned()) + "; decided there: " + node.quantizedPoints();
  }

  @Override
  Optional<String> floatReason() {
    return keptFloat().or(() -> node.planned().reason());
  }
}
