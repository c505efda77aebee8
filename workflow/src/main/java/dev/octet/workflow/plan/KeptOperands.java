package dev.octet.workflow.plan;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.QuantizationSpec;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Says of operands that are to stay float where they are not: where their value is quantized at its
 * definition, there is no float value to read.
 */
final class KeptOperands {

  private final GraphValues values;
  private final Map<Point, PlannedGroup> defined = new HashMap<>();

  /**
   * An operand that is to stay float.
   *
   * @param node the name of its node
   * @param index the operand's index
   * @param reason why
   */
  record Kept(String node, int index, String reason) {

    /** Returns the operand if its spec keeps it in float. */
    static Optional<Kept> of(String node, int index, QuantizationSpec spec) {
      return spec.floatReason().map(why -> new Kept(node, index, why));
    }
  }

  private KeptOperands(Graph graph, List<PlannedNode> nodes, List<PlannedGroup> groups) {
    this.values = GraphValues.of(graph);
    Map<Integer, PlannedGroup> byId = new HashMap<>();
    groups.forEach(group -> byId.put(group.id(), group));
    for (PlannedNode node : nodes) {
      for (PlannedPoint point : node.results()) {
        Point result = Point.result(node.name(), point.index());
        point.group().map(byId::get).ifPresent(group -> defined.put(result, group));
      }
    }
  }

  /**
   * Adds a finding for each of them that has none yet.
   *
   * @param findings what is known already
   * @param kept the operands that are to stay float
   * @param graph the graph whose nodes are planned
   * @param nodes the decisions
   * @param groups the groups that they name
   */
  static List<Finding> with(
      List<Finding> findings,
      List<Kept> kept,
      Graph graph,
      List<PlannedNode> nodes,
      List<PlannedGroup> groups) {
    if (kept.isEmpty()) {
      return findings;
    }
    Set<Finding> all = new LinkedHashSet<>(findings);
    KeptOperands operands = new KeptOperands(graph, nodes, groups);
    kept.forEach(operand -> operands.look(operand).ifPresent(all::add));
    return List.copyOf(all);
  }

  private Optional<Finding> look(Kept kept) {
    Optional<GraphValues.Value> value = values.value(Point.operand(kept.node, kept.index));
    Optional<Point> definition = value.flatMap(GraphValues.Value::definition);
    return definition
        .map(defined::get)
        .map(group -> finding(kept, definition.get(), value.get().name(), group));
  }

  private static Finding finding(Kept kept, Point definition, String value, PlannedGroup group) {
    return PlanErrors.KEPT_OPERAND.aboutNode(
        kept.node,
        "Operand "
            + kept.index
            + " of '"
            + kept.node
            + "' is to stay float ("
            + kept.reason
            + "), but "
            + definition
            + " gives '"
            + value
            + "' as "
            + group.spec().type()
            + ": it reads those integers, dequantized.");
  }
}
