package dev.octet.workflow.diff;

import dev.octet.api.graph.Point;
import dev.octet.workflow.plan.PlannedGroup;
import dev.octet.workflow.verify.Difference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds which of the points that two plans quantize share parameters in one and not in the other,
 * and which groups are quantized otherwise. Groups are compared by their points, whatever their
 * names are. Where points of a group are quantized in one plan alone, that is a decision on their
 * nodes, and that what they held together falls apart follows from it.
 */
final class GroupDifferences {

  private final Map<Point, PlannedGroup> before;
  private final Map<Point, PlannedGroup> after;
  private final Set<Point> both;
  private final List<Difference> found = new ArrayList<>();

  private GroupDifferences(Map<Point, PlannedGroup> before, Map<Point, PlannedGroup> after) {
    this.before = before;
    this.after = after;
    this.both = new LinkedHashSet<>(before.keySet());
    both.retainAll(after.keySet());
  }

  static List<Difference> of(
      PlanDifferences.PlannedPoints before, PlanDifferences.PlannedPoints after) {
    GroupDifferences differences = new GroupDifferences(before.groups(), after.groups());
    differences.compareSpecsAndSplits();
    differences.compareJoins();
    return List.copyOf(differences.found);
  }

  private void compareSpecsAndSplits() {
    Set<PlannedGroup> incomplete = incomplete(before, after);
    meetings(before, after)
        .forEach(
            (group, others) -> {
              boolean apart = others.size() > 1;
              if (apart && !incomplete.contains(group)) {
                found.add(new Difference("group", group.name(), "is split into " + names(others)));
              }
              compareSpecs(group, others, apart && incomplete.contains(group) ? 1 : others.size());
            });
  }

  private void compareSpecs(PlannedGroup group, Set<PlannedGroup> others, int compared) {
    others.stream()
        .limit(compared)
        .map(PlannedGroup::spec)
        .distinct()
        .filter(spec -> !spec.equals(group.spec()))
        .map(spec -> new Difference("group", group.name(), "is " + group.spec() + " -> " + spec))
        .forEach(found::add);
  }

  private void compareJoins() {
    Set<PlannedGroup> incomplete = incomplete(after, before);
    meetings(after, before)
        .forEach(
            (group, others) -> {
              if (others.size() > 1 && !incomplete.contains(group)) {
                found.add(new Difference("group", group.name(), "joins " + names(others)));
              }
            });
  }

  /** Returns the groups of a plan that have points which the other one does not quantize. */
  private static Set<PlannedGroup> incomplete(
      Map<Point, PlannedGroup> groups, Map<Point, PlannedGroup> others) {
    Set<PlannedGroup> incomplete = new HashSet<>();
    groups.forEach(
        (point, group) -> {
          if (!others.containsKey(point)) {
            incomplete.add(group);
          }
        });
    return incomplete;
  }

  /** Returns for each group of a plan the groups of the other one that have points of it. */
  private Map<PlannedGroup, Set<PlannedGroup>> meetings(
      Map<Point, PlannedGroup> groups, Map<Point, PlannedGroup> others) {
    Map<PlannedGroup, Set<PlannedGroup>> meetings = new LinkedHashMap<>();
    for (Point point : both) {
      PlannedGroup group = groups.get(point);
      PlannedGroup other = others.get(point);
      if (group != null && other != null) {
        meetings.computeIfAbsent(group, g -> new LinkedHashSet<>()).add(other);
      }
    }
    return meetings;
  }

  private static String names(Set<PlannedGroup> groups) {
    return groups.stream().map(group -> "'" + group.name() + "'").collect(Collectors.joining(", "));
  }
}
