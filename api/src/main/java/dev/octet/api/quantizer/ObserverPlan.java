package dev.octet.api.quantizer;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Point;
import dev.octet.api.spec.QuantizationSpec;
import java.util.List;

/**
 * The groups of points that share parameters, before observers are made; a quantizer may replace
 * the spec of a group: on the thread and during the call that it was passed to, later or elsewhere
 * it is refused with {@code OCT-REG-009}.
 */
public interface ObserverPlan {

  /**
   * Points that share one scale and zero point.
   *
   * @param id the group's number, from 0
   * @param points the members, sorted
   * @param spec the one spec of all of them
   */
  record Group(int id, List<Point> points, QuantizationSpec.Concrete spec) {
    /** Copies the points. */
    public Group {
      points = List.copyOf(points);
    }
  }

  /** Returns the graph whose points are grouped, as it was annotated. */
  Graph graph();

  /** Returns the groups by number, with replacements so far. */
  List<Group> groups();

  /**
   * Replaces the spec of a whole group.
   *
   * @param id the group's number
   * @param spec an observed or fixed spec
   * @throws dev.octet.api.error.OctetException {@code OCT-ANN-005} if there is no such group;
   *     {@code OCT-ANN-008} if the spec is of another kind
   */
  void replace(int id, QuantizationSpec spec);
}
