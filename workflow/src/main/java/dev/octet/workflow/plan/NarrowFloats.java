package dev.octet.workflow.plan;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Point;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** Finds the points of a plan that become a narrower float. */
final class NarrowFloats {

  private final Map<Point, DataType> found = new LinkedHashMap<>();

  private NarrowFloats() {}

  /** Returns them with their types, in the order of the plan. */
  static Map<Point, DataType> of(List<PlannedNode> nodes) {
    NarrowFloats narrow = new NarrowFloats();
    for (PlannedNode node : nodes) {
      narrow.add(node.operands(), index -> Point.operand(node.name(), index));
      narrow.add(node.results(), index -> Point.result(node.name(), index));
    }
    return narrow.found;
  }

  private void add(List<PlannedPoint> points, IntFunction<Point> at) {
    for (PlannedPoint point : points) {
      point.spec().narrowFloat().ifPresent(type -> found.put(at.apply(point.index()), type));
    }
  }
}
