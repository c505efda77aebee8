package dev.octet.workflow.plan;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Point;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** Checks that the points of each group of a plan agree. */
final class PlanGroups {

  private final PlanDocument document;
  private final Map<Integer, PlannedGroup> listed = new HashMap<>();
  private final Map<Point, Entry> entries = new LinkedHashMap<>();
  private final Set<Point> boundary;
  private final Set<String> nodes = new HashSet<>();

  /**
   * A quantized point and where it stands in the plan: the numbers of its node, unless it is of
   * none, and of its own entry.
   */
  private record Entry(Point point, int group, QuantizationSpec spec, int node, int item) {

    private String path(String field) {
      return pathOf(point.side(), node, item) + field;
    }
  }

  /**
   * Starts without points.
   *
   * @param document the plan
   * @param boundary the inputs and outputs of the model, which the plan need not list
   */
  PlanGroups(PlanDocument document, Set<Point> boundary) {
    this.document = document;
    this.boundary = boundary;
    document.groups().forEach(group -> listed.put(group.id(), group));
    document.nodes().forEach(node -> nodes.add(node.name()));
  }

  /** Adds a point, which stands in a list of the plan's node of that number. */
  void add(Point point, PlannedPoint planned, int node, int item) {
    planned
        .group()
        .ifPresent(
            group -> entries.put(point, new Entry(point, group, planned.spec(), node, item)));
  }

  /** Adds an input or output, which stands in the plan's list of inputs or outputs. */
  void add(PlannedBoundary planned, int item) {
    Point point = planned.point();
    planned
        .group()
        .ifPresent(group -> entries.put(point, new Entry(point, group, planned.spec(), -1, item)));
  }

  /** Returns the path of a point's entry in the plan. */
  static String pathOf(Point.Side side, int node, int item) {
    return switch (side) {
      case OPERAND -> "$.nodes[" + node + "].operands[" + item + "]";
      case RESULT -> "$.nodes[" + node + "].results[" + item + "]";
      case INPUT, OUTPUT -> "$." + PlanTree.boundaryList(side) + "[" + item + "]";
    };
  }

  void check() {
    entries.values().forEach(this::checkSpec);
    checkDerivations();
  }

  private void checkSpec(Entry entry) {
    PlannedGroup group = group(entry.group);
    Point with = entry.spec.sharedWith().orElse(null);
    if (with != null) {
      checkTarget(entry, with);
    } else if (!entry.spec.equals(group.spec())) {
      boolean sameKind = entry.spec.getClass().equals(group.spec().getClass());
      throw error(
              PlanErrors.SPEC_OF_GROUP,
              entry.point
                  + " is in group '"
                  + group.name()
                  + "' but its spec is another one"
                  + (sameKind ? "" : " of another kind")
                  + ": "
                  + entry.spec
                  + ", the group's is "
                  + group.spec(),
              entry.path(".spec"))
          .build();
    }
  }

  private PlannedGroup group(int id) {
    return Objects.requireNonNull(listed.get(id), "a point's group is listed");
  }

  /** A target that stays float after an edit leaves the point with the spec of its group. */
  private void checkTarget(Entry entry, Point with) {
    Entry target = entries.get(with);
    if (target != null && target.group != entry.group) {
      throw error(
              PlanErrors.SHARED_ACROSS_GROUPS,
              entry.point
                  + " is shared with "
                  + with
                  + ", but they are in the groups '"
                  + group(entry.group).name()
                  + "' and '"
                  + group(target.group).name()
                  + "'",
              entry.path(".spec"))
          .build();
    }
    boolean exists = with.isBoundary() ? boundary.contains(with) : nodes.contains(with.node());
    if (!exists) {
      throw error(
              PlanErrors.SHARED_WITH_NOTHING,
              entry.point + " is shared with " + with + ", which does not exist",
              entry.path(".spec"))
          .build();
    }
  }

  /** Follows derived groups to their sources, without recursion. */
  private void checkDerivations() {
    Map<Integer, List<Integer>> sources = new TreeMap<>();
    for (Entry entry : entries.values()) {
      List<Integer> groups = new ArrayList<>();
      entry
          .spec
          .concrete()
          .ifPresent(
              spec -> spec.sources().forEach(source -> groups.add(sourceGroup(entry, source))));
      if (!groups.isEmpty()) {
        sources.put(entry.group, groups);
      }
    }
    Map<Integer, Integer> waiting = new TreeMap<>();
    Map<Integer, List<Integer>> dependants = new TreeMap<>();
    sources.forEach(
        (group, needed) -> {
          List<Integer> derived = needed.stream().distinct().filter(sources::containsKey).toList();
          waiting.put(group, derived.size());
          derived.forEach(n -> dependants.computeIfAbsent(n, d -> new ArrayList<>()).add(group));
        });
    Deque<Integer> ready = new ArrayDeque<>();
    waiting.forEach(
        (group, count) -> {
          if (count == 0) {
            ready.add(group);
          }
        });
    while (!ready.isEmpty()) {
      int group = ready.remove();
      waiting.remove(group);
      for (int dependant : dependants.getOrDefault(group, List.of())) {
        if (waiting.merge(dependant, -1, Integer::sum) == 0) {
          ready.add(dependant);
        }
      }
    }
    if (!waiting.isEmpty()) {
      throw error(
              PlanErrors.DERIVED_IN_A_CIRCLE,
              "the derived groups "
                  + waiting.keySet().stream().map(id -> group(id).name()).toList()
                  + " depend on each other",
              "$.groups")
          .build();
    }
  }

  private int sourceGroup(Entry entry, Point source) {
    Entry target = entries.get(source);
    if (target == null) {
      throw error(
              PlanErrors.DERIVED_FROM_FLOAT,
              entry.point + " is derived from " + source + ", which is not quantized",
              entry.path(".spec"))
          .next(
              (entry.point.isBoundary()
                      ? "Set " + entry.point
                      : "Set node '" + entry.point.name() + "'")
                  + " to float as well, or keep both quantized.");
    }
    return target.group;
  }

  private OctetException.Builder error(ErrorId id, String fact, String path) {
    return id.error(fact).at(document.position(path).toString());
  }
}
