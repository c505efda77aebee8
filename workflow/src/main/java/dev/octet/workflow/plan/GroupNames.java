package dev.octet.workflow.plan;

import dev.octet.api.graph.Point;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Names groups by their tensors, so that a group keeps its name when others come and go: by the
 * first of its tensors in the order of the plan, and where an earlier group has the same first, by
 * the group's first point as well.
 */
final class GroupNames {

  private final Map<Integer, Point> points = new LinkedHashMap<>();
  private final Map<Integer, String> tensors = new LinkedHashMap<>();

  private GroupNames() {}

  /**
   * Returns a name for each group, each another.
   *
   * @param groups the numbers of the groups; those without points are named by them
   */
  static Map<Integer, String> of(
      List<Integer> groups, List<PlannedBoundary> boundary, List<PlannedNode> nodes) {
    GroupNames first = new GroupNames();
    first.addAll(boundary, Point.Side.INPUT);
    nodes.forEach(first::add);
    first.addAll(boundary, Point.Side.OUTPUT);
    return first.names(groups);
  }

  private void addAll(List<PlannedBoundary> boundary, Point.Side side) {
    boundary.stream()
        .filter(at -> at.point().side() == side)
        .forEach(at -> add(at.group(), at.point(), at.point().name()));
  }

  private void add(PlannedNode node) {
    node.operands().forEach(p -> add(p.group(), Point.operand(node.name(), p.index()), p.tensor()));
    node.results().forEach(p -> add(p.group(), Point.result(node.name(), p.index()), p.tensor()));
  }

  private void add(Optional<Integer> group, Point point, String tensor) {
    group.ifPresent(
        id -> {
          points.putIfAbsent(id, point);
          tensors.putIfAbsent(id, tensor);
        });
  }

  private Map<Integer, String> names(List<Integer> groups) {
    Map<Integer, String> names = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    tensors.forEach((id, tensor) -> names.put(id, free(tensor, ", " + points.get(id), taken)));
    groups.stream()
        .filter(id -> !names.containsKey(id))
        .forEach(id -> names.put(id, free("without points " + id, "", taken)));
    return names;
  }

  /** Tensors may be called anything, such as what another name becomes. */
  private static String free(String name, String more, Set<String> taken) {
    String free = name;
    for (int i = 1; !taken.add(free); i++) {
      free = name + more + (i == 1 ? "" : " " + i);
    }
    return free;
  }
}
