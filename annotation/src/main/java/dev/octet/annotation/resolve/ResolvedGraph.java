package dev.octet.annotation.resolve;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.quantizer.ObserverPlan;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An annotated graph whose marked points are resolved into groups that share their parameters.
 * Immutable.
 */
public final class ResolvedGraph {

  private final AnnotatedGraph annotated;
  private final List<ObserverPlan.Group> groups;
  private final MarkedPoints points;
  private final int[] groupOfPoint;

  /**
   * Makes a resolved graph.
   *
   * @param annotated the annotated graph
   * @param groups the groups; the number of each is its place in the list
   * @param points the points that are quantized
   * @param groupOfPoint the number of each point's group, by the number of the point
   */
  ResolvedGraph(
      AnnotatedGraph annotated,
      List<ObserverPlan.Group> groups,
      MarkedPoints points,
      int[] groupOfPoint) {
    this.annotated = Objects.requireNonNull(annotated, "annotated");
    this.groups = List.copyOf(groups);
    this.points = points;
    this.groupOfPoint = groupOfPoint.clone();
  }

  /** Returns the graph with its marks. */
  public AnnotatedGraph annotated() {
    return annotated;
  }

  /** Returns the groups by number, each with an observed, fixed or derived spec. */
  public List<ObserverPlan.Group> groups() {
    return groups;
  }

  /** Returns the group of a point; empty when the point is not marked or stays float. */
  public Optional<ObserverPlan.Group> group(Point point) {
    return groupOf(points.number(point));
  }

  /** Returns the group of an operand or a result of a node of the graph; see {@link #group}. */
  public Optional<ObserverPlan.Group> group(GraphValues.Member node, Point.Side side, int index) {
    return groupOf(points.number(node, side, index));
  }

  private Optional<ObserverPlan.Group> groupOf(int point) {
    return point < 0 ? Optional.empty() : Optional.of(groups.get(groupOfPoint[point]));
  }

  /** Returns the decision on a node of the graph; empty when there is none. */
  public Optional<NodeAnnotation> decision(GraphValues.Member node) {
    return points.decision(node);
  }

  /** Returns the points of all groups: inputs, node after node, outputs. */
  public Stream<GroupedPoint> points() {
    return IntStream.range(0, points.size())
        .mapToObj(
            i -> new GroupedPoint(points.point(i), points.value(i), groups.get(groupOfPoint[i])));
  }

  /**
   * A point that is quantized.
   *
   * @param point the point
   * @param value the value that it reads or defines
   * @param group the group of points that it shares parameters with
   */
  public record GroupedPoint(Point point, GraphValues.Value value, ObserverPlan.Group group) {}

  /**
   * Lets a quantizer replace the specs of groups.
   *
   * @param adjust such as {@code quantizer::adjustObservers}; its argument is used up when it
   *     returns
   * @return this graph with the replacements
   * @throws OctetException {@code OCT-ANN-005} or {@code OCT-ANN-008} if a replacement does not
   *     fit, see {@link ObserverPlan#replace}
   */
  public ResolvedGraph adjusted(Consumer<ObserverPlan> adjust) {
    GroupReplacements replacements = new GroupReplacements(annotated.graph(), groups);
    adjust.accept(replacements);
    return replacements.replaced().isEmpty()
        ? this
        : new ResolvedGraph(annotated, replacements.groups(), points, groupOfPoint);
  }
}
