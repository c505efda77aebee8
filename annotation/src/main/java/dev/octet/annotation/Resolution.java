package dev.octet.annotation;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Resolves the marks of a graph into groups of points that share scale and zero point.
 *
 * <p>Two points are in one group when
 *
 * <ul>
 *   <li>one is marked as shared with the other, whichever of them comes first; or
 *   <li>they read or define the same value, be it a result, an input or a constant, their specs are
 *       equal in every field, observer included, and neither has opted out. A shared point counts
 *       with the spec of its chain.
 * </ul>
 *
 * <p>The outcome depends on the graph and the marks alone, never on the order of the marks. Groups
 * are numbered by their first points in the order of the graph: node after node, operands before
 * results, a node's subgraphs behind it. Time is nearly linear in the number of points; no step
 * recurses along a chain.
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
    QuantizationSpec[] specs = resolution.effectiveSpecs();
    resolution.shareImplicitly(specs);
    List<ObserverPlan.Group> groups = resolution.groups(specs);
    ResolvedGraph resolved = new ResolvedGraph(annotated, groups);
    new DerivedSpecs(resolved).check();
    return resolved;
  }

  private void shareExplicitly() {
    for (int i = 0; i < points.size(); i++) {
      if (points.spec(i) instanceof QuantizationSpec.Shared shared) {
        sets.unite(i, target(i, shared.with()));
      }
    }
  }

  private int target(int from, Point with) {
    Integer number = points.number(with);
    if (number != null) {
      return number;
    }
    Point point = points.point(from);
    String chain = Chain.text(List.of(point, with), LONGEST_CHAIN);
    if (annotated.spec(with).isPresent()) {
      throw OctetException.quantization(
              "OCT-RES-002", point + " shares parameters with a point that is kept in float")
          .at(chain)
          .next("Quantize both points, or keep both in float.");
    }
    throw OctetException.quantization(
            "OCT-RES-001", point + " shares parameters with a point that is not marked")
        .at(chain)
        .next("Mark the other point, or give this one a spec of its own.");
  }

  /**
   * Returns the spec that holds at each point. A shared point names exactly one other point and a
   * point with a spec names none, so that a set of explicitly shared points has exactly one spec,
   * or a cycle.
   */
  private QuantizationSpec[] effectiveSpecs() {
    int[] stating = new int[points.size()];
    Arrays.fill(stating, -1);
    for (int i = 0; i < points.size(); i++) {
      if (!(points.spec(i) instanceof QuantizationSpec.Shared)) {
        stating[sets.find(i)] = i;
      }
    }
    QuantizationSpec[] specs = new QuantizationSpec[points.size()];
    for (int i = 0; i < specs.length; i++) {
      int one = stating[sets.find(i)];
      if (one < 0) {
        throw cycle(i);
      }
      specs[i] = points.spec(one);
    }
    return specs;
  }

  /** Sets that are united have equal specs, so that the order of the values does not matter. */
  private void shareImplicitly(QuantizationSpec[] specs) {
    record Use(int value, QuantizationSpec spec) {}
    Map<Use, Integer> first = new HashMap<>();
    for (int i = 0; i < points.size(); i++) {
      if (!annotated.unshared().contains(points.point(i))) {
        Integer other = first.putIfAbsent(new Use(points.value(i), specs[i]), i);
        if (other != null) {
          sets.unite(other, i);
        }
      }
    }
  }

  private List<ObserverPlan.Group> groups(QuantizationSpec[] specs) {
    int[] ids = new int[points.size()];
    List<List<Point>> members = new ArrayList<>();
    List<QuantizationSpec> stated = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      int root = sets.find(i);
      // The root is the smallest member, so that it has its number before any other member asks.
      if (root == i) {
        ids[i] = members.size();
        members.add(new ArrayList<>());
        stated.add(specs[i]);
      }
      members.get(ids[root]).add(points.point(i));
    }
    List<ObserverPlan.Group> groups = new ArrayList<>();
    for (int id = 0; id < members.size(); id++) {
      Collections.sort(members.get(id));
      groups.add(new ObserverPlan.Group(id, members.get(id), stated.get(id)));
    }
    return groups;
  }

  /** Every point that is reached states nothing but another point, so that the way must close. */
  private OctetException cycle(int start) {
    Map<Integer, Integer> order = new HashMap<>();
    List<Integer> way = new ArrayList<>();
    int at = start;
    while (order.putIfAbsent(at, way.size()) == null) {
      way.add(at);
      QuantizationSpec.Shared shared = (QuantizationSpec.Shared) points.spec(at);
      at = target(at, shared.with());
    }
    List<Integer> cycle = new ArrayList<>(way.subList(order.get(at), way.size()));
    cycle.add(at);
    return OctetException.quantization(
            "OCT-RES-003", "points share parameters only with each other, and none states a spec")
        .at(chain(cycle))
        .next("Give one of the points a spec of its own.");
  }

  private String chain(List<Integer> way) {
    return Chain.text(way.stream().map(points::point).toList(), LONGEST_CHAIN);
  }
}
