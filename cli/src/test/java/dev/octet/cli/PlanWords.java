package dev.octet.cli;

import dev.octet.api.graph.Point;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.Scheme;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedBoundary;
import dev.octet.workflow.plan.PlannedNode;
import dev.octet.workflow.plan.PlannedPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A plan as lines that a guide can show. */
final class PlanWords {

  private PlanWords() {}

  static List<String> of(Plan plan) {
    List<String> lines = new ArrayList<>();
    Map<Integer, List<String>> groups = new TreeMap<>();
    for (PlannedBoundary at : plan.boundary()) {
      String name = at.point().toString();
      lines.add(name + ": " + words(spec(plan, at.group(), at.spec())));
      at.group().ifPresent(id -> groups.computeIfAbsent(id, g -> new ArrayList<>()).add(name));
    }
    for (PlannedNode node : plan.nodes()) {
      String name = node.name() + ": ";
      lines.add(
          name
              + node.rule()
                  .map(rule -> "rule " + rule)
                  .orElseGet(() -> "float, " + node.reason().orElse("")));
      lines.add(name + "decided by " + node.decidedBy());
      points(plan, node, node.operands(), "operand", lines, groups);
      points(plan, node, node.results(), "result", lines, groups);
    }
    groups.values().stream()
        .filter(points -> points.size() > 1)
        .forEach(points -> lines.add("one group: " + String.join(", ", points)));
    return lines;
  }

  private static void points(
      Plan plan,
      PlannedNode node,
      List<PlannedPoint> points,
      String side,
      List<String> lines,
      Map<Integer, List<String>> groups) {
    for (PlannedPoint point : points) {
      String name = node.name() + " " + side + " " + point.index();
      lines.add(name + ": " + words(spec(plan, point.group(), point.spec())));
      point.group().ifPresent(id -> groups.computeIfAbsent(id, g -> new ArrayList<>()).add(name));
    }
  }

  private static QuantizationSpec spec(Plan plan, Optional<Integer> group, QuantizationSpec own) {
    return group.<QuantizationSpec>map(id -> plan.groups().get(id).spec()).orElse(own);
  }

  private static String words(QuantizationSpec spec) {
    if (spec instanceof QuantizationSpec.Observed o) {
      return o.type()
          + " "
          + o.scheme().symmetry().name().toLowerCase(Locale.ROOT)
          + " "
          + words(o.granularity())
          + " "
          + words(o.observer())
          + (o.scheme().grid().isAny() ? "" : " " + o.scheme().grid())
          + (o.scheme().levels().isPresent() ? " two-levels" : "")
          + (o.scheme().zeroPoints() == Scheme.ZeroPoints.REAL ? " real-zero-points" : "")
          + (o.mode() == Mode.STATIC
              ? ""
              : " " + o.mode().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    if (spec instanceof QuantizationSpec.Fixed f) {
      return f.type() + " fixed " + f.parameters().scale(0) + " " + f.parameters().zeroPoint(0);
    }
    if (spec instanceof QuantizationSpec.Derived d) {
      return d.type()
          + " derived from "
          + d.sources().stream().map(PlanWords::words).collect(Collectors.joining(", "));
    }
    if (spec instanceof QuantizationSpec.NarrowFloat n) {
      return n.type().name().toLowerCase(Locale.ROOT);
    }
    return spec instanceof QuantizationSpec.KeepFloat k ? "float, " + k.reason() : spec.toString();
  }

  private static String words(Point point) {
    return point.node() + " " + point.side().name().toLowerCase(Locale.ROOT) + " " + point.index();
  }

  private static String words(Granularity granularity) {
    return granularity.match(
        new Granularity.Cases<>(
            whole -> "per-tensor",
            channel -> "per-channel-" + channel.axis(),
            runs -> "per-group-" + runs.axis() + "-" + runs.size(),
            block -> "per-block-" + block.sizes(),
            token -> "per-token"));
  }

  private static String words(ObserverSpec observer) {
    return observer.name() + (observer.parameters().isEmpty() ? "" : observer.parameters());
  }
}
