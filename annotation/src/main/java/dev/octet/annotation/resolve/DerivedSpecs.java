package dev.octet.annotation.resolve;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.ObserverPlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Checks that every derived spec leads back to specs that stand on their own. */
final class DerivedSpecs {

  private static final int LONGEST_CHAIN = 12;
  private static final Comparator<ObserverPlan.Group> FIRST_POINT =
      Comparator.comparing(group -> group.points().get(0));

  private final ResolvedGraph resolved;
  private final boolean[] sound;
  private final boolean[] onWay;

  DerivedSpecs(ResolvedGraph resolved) {
    this.resolved = resolved;
    this.sound = new boolean[resolved.groups().size()];
    this.onWay = new boolean[sound.length];
  }

  /** Of several errors always the one at the smallest point is named. */
  void check() {
    List<ObserverPlan.Group> derived = new ArrayList<>();
    for (ObserverPlan.Group group : resolved.groups()) {
      if (group.spec().sources().isEmpty()) {
        sound[group.id()] = true;
      } else {
        derived.add(group);
      }
    }
    derived.stream()
        .filter(group -> missingSource(group).isPresent())
        .min(FIRST_POINT)
        .ifPresent(this::refuse);
    derived.stream()
        .filter(group -> !isOfSoundOnes(group))
        .sorted(FIRST_POINT)
        .filter(group -> !sound[group.id()])
        .forEach(this::walk);
  }

  private Optional<Point> missingSource(ObserverPlan.Group group) {
    for (Point source : group.spec().sources()) {
      if (resolved.group(source).isEmpty()) {
        return Optional.of(source);
      }
    }
    return Optional.empty();
  }

  /** Most derived specs rest on others that stand on their own. */
  private boolean isOfSoundOnes(ObserverPlan.Group group) {
    for (Point source : group.spec().sources()) {
      if (!sound[resolved.group(source).orElseThrow().id()]) {
        return false;
      }
    }
    return true;
  }

  private void refuse(ObserverPlan.Group group) {
    Point source = missingSource(group).orElseThrow();
    boolean keptFloat = resolved.annotated().spec(source).isPresent();
    Point point = group.points().get(0);
    throw ResolutionErrors.DERIVED_FROM_FLOAT
        .error(
            point
                + " is derived from "
                + source
                + ", which is "
                + (keptFloat ? "kept in float" : "not marked"))
        .at(Chain.text(List.of(point, source), LONGEST_CHAIN))
        .build();
  }

  /** Walks depth first along sources; a group met again while it is on the way closes a cycle. */
  private void walk(ObserverPlan.Group start) {
    Deque<Step> way = new ArrayDeque<>();
    push(way, start, start.points().get(0));
    while (!way.isEmpty()) {
      Step step = way.getLast();
      if (!step.sources().hasNext()) {
        way.removeLast();
        onWay[step.group().id()] = false;
        sound[step.group().id()] = true;
        continue;
      }
      Point next = step.sources().next();
      ObserverPlan.Group source = resolved.group(next).orElseThrow();
      if (onWay[source.id()]) {
        throw cycle(way, source, next);
      }
      if (!sound[source.id()]) {
        push(way, source, next);
      }
    }
  }

  private void push(Deque<Step> way, ObserverPlan.Group group, Point point) {
    onWay[group.id()] = true;
    way.addLast(new Step(group, point, group.spec().sources().iterator()));
  }

  /**
   * The chain names the points as the specs do: the other members of their groups share with them.
   */
  private static OctetException cycle(Deque<Step> way, ObserverPlan.Group closing, Point last) {
    List<Point> chain = new ArrayList<>();
    way.stream()
        .dropWhile(step -> step.group().id() != closing.id())
        .forEach(step -> chain.add(step.point()));
    chain.add(last);
    if (!last.equals(chain.get(0))) {
      chain.add(chain.get(0));
    }
    return ResolutionErrors.DERIVED_IN_A_CIRCLE
        .error("derived specs depend on each other")
        .at(Chain.text(chain, LONGEST_CHAIN))
        .build();
  }

  /** A group on the way, the point by which it was reached, and the sources not followed yet. */
  private record Step(ObserverPlan.Group group, Point point, Iterator<Point> sources) {}
}
