package dev.octet.annotation.resolve;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Resolves the marks of a graph into groups of points that share scale and zero point.
 *
 * <p>Two points are in one group when
 *
 * <ul>
 *   <li>one is marked as shared with the other, whichever of them comes first; or
 *   <li>they read, define, supply or receive the same value, be it a result, an input or a
 *       constant, their specs are equal in every field, observer included, and neither has opted
 *       out. A shared point counts with the spec of its chain.
 * </ul>
 *
 * <p>A point has one spec, its own or the other point's, so that explicit sharing cannot join
 * unequal specs: whoever marks a point twice is refused by the context, and a plan that was edited
 * to hold unequal specs in one group is refused when it is bound. A value that is read with unequal
 * specs has a group for each.
 *
 * <p>The outcome depends on the graph and the marks alone, never on the order of the marks nor on
 * the order of nodes that do not depend on each other; of several errors the same one is always
 * named. Groups are numbered by their first points in the order of the graph: its inputs, node
 * after node, operands before results, a node's subgraphs behind it, its outputs. Time is nearly
 * linear in the number of points; no step recurses along a chain.
 */
public final class Resolution {

  private static final int LONGEST_CHAIN = 12;

  private final MarkedPoints points;
  private final AnnotatedGraph annotated;
  private final UnionFind sets;

  private Resolution(AnnotatedGraph annotated) {
    this.annotated = annotated;
    this.points = new MarkedPoints(annotated);
    this.sets = new UnionFind(points.size());
  }

  /**
   * Resolves an annotated graph.
   *
   * @throws OctetException of kind {@code QUANTIZATION}, each naming the chain of points: {@code
   *     OCT-RES-001} if a point is shared with one that is not marked; {@code OCT-RES-002} if it is
   *     shared with one that is kept in float; {@code OCT-RES-003} if points share only with each
   *     other and none states a spec; {@code OCT-RES-004} if a source of a derived spec is not
   *     quantized; {@code OCT-RES-005} if derived specs depend on each other
   */
  public static ResolvedGraph resolve(AnnotatedGraph annotated) {
    Resolution resolution = new Resolution(annotated);
    resolution.shareExplicitly();
    QuantizationSpec.Concrete[] specs = resolution.effectiveSpecs();
    resolution.shareImplicitly(specs);
    ResolvedGraph resolved = resolution.resolved(specs);
    new DerivedSpecs(resolved).check();
    return resolved;
  }

  private void shareExplicitly() {
    List<Integer> astray = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      Point with = points.spec(i).sharedWith().orElse(null);
      if (with != null) {
        int target = points.number(with);
        if (target < 0) {
          astray.add(i);
        } else {
          sets.unite(i, target);
        }
      }
    }
    if (!astray.isEmpty()) {
      throw astray(smallest(astray));
    }
  }

  /** The chain starts at the smallest of the points whose way ends at this one. */
  private OctetException astray(int last) {
    Point point = points.point(last);
    Point with = points.spec(last).sharedWith().orElseThrow();
    List<Point> chain = new ArrayList<>();
    way(smallest(membersOf(last))).forEach(i -> chain.add(points.point(i)));
    chain.add(with);
    String text = Chain.text(chain, LONGEST_CHAIN);
    if (annotated.spec(with).isPresent()) {
      return ResolutionErrors.SHARED_WITH_FLOAT
          .error(point + " shares parameters with a point that is kept in float")
          .at(text)
          .build();
    }
    return ResolutionErrors.SHARED_WITH_UNMARKED
        .error(point + " shares parameters with a point that is not marked")
        .at(text)
        .build();
  }

  private List<Integer> membersOf(int member) {
    int root = sets.find(member);
    return IntStream.range(0, points.size()).filter(i -> sets.find(i) == root).boxed().toList();
  }

  private int smallest(List<Integer> numbers) {
    return numbers.stream().min(Comparator.comparing(points::point)).orElseThrow();
  }

  /** Follows shared specs from a point until nothing follows, or a point comes again. */
  private List<Integer> way(int start) {
    Set<Integer> way = new LinkedHashSet<>();
    int at = start;
    while (at >= 0 && way.add(at)) {
      at = points.spec(at).sharedWith().map(points::number).orElse(-1);
    }
    return List.copyOf(way);
  }

  /**
   * Returns the spec that holds at each point. A shared point names exactly one other point and a
   * point with a spec names none, so that a set of explicitly shared points has exactly one spec,
   * or a cycle; it cannot have two.
   */
  private QuantizationSpec.Concrete[] effectiveSpecs() {
    int[] stating = new int[points.size()];
    Arrays.fill(stating, -1);
    for (int i = 0; i < points.size(); i++) {
      if (points.spec(i).concrete().isPresent()) {
        stating[sets.find(i)] = i;
      }
    }
    List<Integer> circling =
        IntStream.range(0, points.size()).filter(i -> stating[sets.find(i)] < 0).boxed().toList();
    if (!circling.isEmpty()) {
      throw cycle(circling);
    }
    QuantizationSpec.Concrete[] specs = new QuantizationSpec.Concrete[points.size()];
    for (int i = 0; i < specs.length; i++) {
      specs[i] = points.spec(stating[sets.find(i)]).concrete().orElseThrow();
    }
    return specs;
  }

  /**
   * Sets that are united have equal specs, so that the order of the values does not matter. Most
   * values have one spec at all of their points.
   */
  private void shareImplicitly(QuantizationSpec.Concrete[] specs) {
    record Use(int value, QuantizationSpec spec) {}
    int[] first = new int[points.valueCount()];
    Arrays.fill(first, -1);
    Map<Use, Integer> others = new HashMap<>();
    for (int i = 0; i < points.size(); i++) {
      int value = points.value(i).number();
      if (annotated.unshared().contains(points.point(i))) {
        continue;
      }
      if (first[value] < 0) {
        first[value] = i;
      } else if (specs[first[value]].equals(specs[i])) {
        sets.unite(first[value], i);
      } else {
        Integer other = others.putIfAbsent(new Use(value, specs[i]), i);
        sets.unite(other == null ? i : other, i);
      }
    }
  }

  private ResolvedGraph resolved(QuantizationSpec.Concrete[] specs) {
    int[] ids = new int[points.size()];
    List<List<Point>> members = new ArrayList<>();
    List<QuantizationSpec.Concrete> stated = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      int root = sets.find(i);
      // The root is the smallest member, so that it has its number before any other member asks.
      if (root == i) {
        ids[i] = members.size();
        members.add(new ArrayList<>(2));
        stated.add(specs[i]);
      }
      ids[i] = ids[root];
      members.get(ids[i]).add(points.point(i));
    }
    List<ObserverPlan.Group> groups = new ArrayList<>(members.size());
    for (int id = 0; id < members.size(); id++) {
      Collections.sort(members.get(id));
      groups.add(new ObserverPlan.Group(id, members.get(id), stated.get(id)));
    }
    return new ResolvedGraph(annotated, groups, points, ids);
  }

  /**
   * Every way from these points ends in a cycle, for none of them states a spec. The cycle with the
   * smallest point is named, from that point on.
   */
  private OctetException cycle(List<Integer> circling) {
    int start =
        smallest(circling.stream().filter(i -> sets.find(i) == i).map(this::onCycle).toList());
    List<Integer> cycle = new ArrayList<>(way(start));
    cycle.add(start);
    return ResolutionErrors.SHARED_IN_A_CIRCLE
        .error("points share parameters only with each other, and none states a spec")
        .at(Chain.text(cycle.stream().map(points::point).toList(), LONGEST_CHAIN))
        .build();
  }

  /** Returns the smallest point of the cycle that the way from a point ends in. */
  private int onCycle(int start) {
    List<Integer> way = way(start);
    Point again = points.spec(way.get(way.size() - 1)).sharedWith().orElseThrow();
    return smallest(way.stream().dropWhile(i -> !points.point(i).equals(again)).toList());
  }
}
