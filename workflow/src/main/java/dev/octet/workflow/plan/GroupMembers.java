package dev.octet.workflow.plan;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Point;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which points and values the groups of a plan have. Immutable. */
final class GroupMembers {

  private final SortedMap<Integer, PlannedGroup> groups = new TreeMap<>();
  private final Map<Point, PlannedGroup> byPoint = new HashMap<>();
  private final SortedMap<Integer, List<Point>> points = new TreeMap<>();
  private final SortedMap<Integer, List<GraphValue>> values = new TreeMap<>();

  /**
   * Finds them.
   *
   * @param listed the groups, those among them that no point is in
   * @param nodes the decisions on the nodes
   * @param boundary the decisions on inputs and outputs
   * @param graph the graph whose points are planned
   */
  GroupMembers(
      List<PlannedGroup> listed,
      List<PlannedNode> nodes,
      List<PlannedBoundary> boundary,
      Graph graph) {
    Map<Integer, PlannedGroup> byId = new HashMap<>();
    listed.forEach(group -> byId.put(group.id(), group));
    for (PlannedNode node : nodes) {
      node.operands().forEach(p -> add(Point.operand(node.name(), p.index()), p.group(), byId));
      node.results().forEach(p -> add(Point.result(node.name(), p.index()), p.group(), byId));
    }
    boundary.forEach(p -> add(p.point(), p.group(), byId));
    points.values().forEach(Collections::sort);
    GraphValue.of(graph).forEach(this::add);
  }

  /** Returns the groups that have points, by number. */
  SortedMap<Integer, PlannedGroup> groups() {
    return groups;
  }

  /** Returns the group of a point; empty when it is not quantized. */
  Optional<PlannedGroup> group(Point point) {
    return Optional.ofNullable(byPoint.get(point));
  }

  /** Returns the points of each group, sorted. */
  SortedMap<Integer, List<Point>> points() {
    return points;
  }

  /** Returns the values that each group's points read or define, in the order of the graph. */
  SortedMap<Integer, List<GraphValue>> values() {
    return values;
  }

  private void add(GraphValue value) {
    value.points().forEach(point -> add(value, point));
  }

  private void add(GraphValue value, Point point) {
    PlannedGroup group = byPoint.get(point);
    if (group != null) {
      List<GraphValue> ofGroup = values.computeIfAbsent(group.id(), i -> new ArrayList<>(2));
      // All points of one value come one after the other.
      if (ofGroup.isEmpty() || !ofGroup.get(ofGroup.size() - 1).equals(value)) {
        ofGroup.add(value);
      }
    }
  }

  private void add(Point point, Optional<Integer> id, Map<Integer, PlannedGroup> listed) {
    PlannedGroup group = id.map(listed::get).orElse(null);
    if (group != null) {
      byPoint.put(point, group);
      groups.put(group.id(), group);
      points.computeIfAbsent(group.id(), i -> new ArrayList<>(2)).add(point);
    }
  }
}
