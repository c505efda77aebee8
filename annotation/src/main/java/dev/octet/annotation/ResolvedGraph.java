package dev.octet.annotation;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private final Map<Point, ObserverPlan.Group> groupsByPoint = new HashMap<>();

  /**
   * Makes a resolved graph.
   *
   * @param annotated the annotated graph
   * @param groups the groups; the number of each is its place in the list, and no point is in two
   */
  ResolvedGraph(AnnotatedGraph annotated, List<ObserverPlan.Group> groups) {
    this.annotated = Objects.requireNonNull(annotated, "annotated");
    this.groups = List.copyOf(groups);
    for (ObserverPlan.Group group : groups) {
      group.points().forEach(point -> groupsByPoint.put(point, group));
    }
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
    return Optional.ofNullable(groupsByPoint.get(point));
  }

  /**
   * Lets a quantizer replace the specs of groups.
   *
   * @param adjust such as {@code quantizer::adjustObservers}; its argument is used up when it
   *     returns
   * @return this graph with the replacements
   * @throws OctetException {@code OCT-ANN-005} if a replacement does not fit, see {@link
   *     ObserverPlan#replace}
   */
  public ResolvedGraph adjusted(Consumer<ObserverPlan> adjust) {
    Adjustment adjustment = new Adjustment(groups);
    adjust.accept(adjustment);
    return new ResolvedGraph(annotated, adjustment.groups());
  }

  private static final class Adjustment implements ObserverPlan {
    private final List<Group> present;

    private Adjustment(List<Group> groups) {
      present = new ArrayList<>(groups);
    }

    @Override
    public List<Group> groups() {
      return List.copyOf(present);
    }

    @Override
    public void replace(int id, QuantizationSpec spec) {
      if (id < 0 || id >= present.size()) {
        throw OctetException.quantization("OCT-ANN-005", "there is no group " + id)
            .at(present.size() + " groups, from 0")
            .next("Use the number of a group of the observer plan.");
      }
      if (!(spec instanceof QuantizationSpec.Observed || spec instanceof QuantizationSpec.Fixed)) {
        throw OctetException.quantization(
                "OCT-ANN-005", "group " + id + " cannot become " + spec + ", of another kind")
            .next("Replace a group's spec by an observed or a fixed one.");
      }
      present.set(id, new Group(id, present.get(id).points(), spec));
    }
  }
}
