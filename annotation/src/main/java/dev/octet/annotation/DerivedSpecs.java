package dev.octet.annotation;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** Checks that every derived spec leads back to specs that stand on their own. */
final class DerivedSpecs {

  private static final int LONGEST_CHAIN = 12;

  private final ResolvedGraph resolved;
  private final boolean[] sound;
  private final boolean[] onWay;

  DerivedSpecs(ResolvedGraph resolved) {
    this.resolved = resolved;
    this.sound = new boolean[resolved.groups().size()];
    this.onWay = new boolean[sound.length];
  }

  void check() {
    resolved.groups().forEach(this::requireSources);
    resolved.groups().stream().filter(group -> !sound[group.id()]).forEach(this::walk);
  }

  private void requireSources(ObserverPlan.Group group) {
    for (Point source : sources(group)) {
      if (resolved.group(source).isEmpty()) {
        boolean keptFloat = resolved.annotated().spec(source).isPresent();
        throw OctetException.quantization(
                "OCT-RES-004",
                group.points().get(0)
                    + " is derived from "
                    + source
                    + ", which is "
                    + (keptFloat ? "kept in float" : "not marked"))
            .next("Mark the source with a spec of its own, or do not derive from it.");
      }
    }
  }

  /** Walks depth first along sources; a group met again while it is on the way closes a cycle. */
  private void walk(ObserverPlan.Group start) {
    Deque<Step> way = new ArrayDeque<>();
    push(way, start);
    while (!way.isEmpty()) {
      Step step = way.getLast();
      if (!step.sources().hasNext()) {
        way.removeLast();
        onWay[step.group().id()] = false;
        sound[step.group().id()] = true;
        continue;
      }
      ObserverPlan.Group source = resolved.group(step.sources().next()).orElseThrow();
      if (onWay[source.id()]) {
        throw cycle(way, source);
      }
      if (!sound[source.id()]) {
        push(way, source);
      }
    }
  }

  private void push(Deque<Step> way, ObserverPlan.Group group) {
    onWay[group.id()] = true;
    way.addLast(new Step(group, sources(group).iterator()));
  }

  private static OctetException cycle(Deque<Step> way, ObserverPlan.Group closing) {
    List<Point> chain = new ArrayList<>();
    way.stream()
        .map(Step::group)
        .dropWhile(group -> group.id() != closing.id())
        .forEach(group -> chain.add(group.points().get(0)));
    chain.add(closing.points().get(0));
    return OctetException.quantization("OCT-RES-005", "derived specs depend on each other")
        .at(Chain.text(chain, LONGEST_CHAIN))
        .next("Give one of the points a spec that is not derived.");
  }

  private static List<Point> sources(ObserverPlan.Group group) {
    return group.spec() instanceof QuantizationSpec.Derived derived ? derived.sources() : List.of();
  }

  /** A group on the way, with the sources that were not followed yet. */
  private record Step(ObserverPlan.Group group, Iterator<Point> sources) {}
}
