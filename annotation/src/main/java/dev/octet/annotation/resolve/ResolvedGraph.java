package dev.octet.annotation.resolve;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.ObserverPlan;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

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
    return Optional.ofNullable(points.number(point)).map(i -> groups.get(groupOfPoint[i]));
  }

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
