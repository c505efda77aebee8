package dev.octet.api.quantizer;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Point;
import dev.octet.api.observer.Range;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The groups of points that share parameters, with the parameters that calibration gave them; a
 * quantizer may set others: on the thread and during the call that it was passed to, later or
 * elsewhere it is refused with {@code OCT-REG-009}.
 */
public interface ParameterPlan {

  /** Returns the graph whose points are grouped, as it was annotated. */
  Graph graph();

  /** Returns the groups by rising number, with what was set so far. */
  List<Group> groups();

  /** Returns the group of a point; empty when it is not quantized. */
  Optional<Group> group(Point point);

  /**
   * Returns the smallest scale of a group's grid that is at least another; plus infinity when there
   * is none.
   *
   * @param id the number of an adjustable group
   * @param scale finite and above 0
   * @throws dev.octet.api.error.OctetException {@code OCT-CONV-021} or {@code OCT-CONV-022} as
   *     {@link #set}
   */
  float gridScale(int id, float scale);

  /**
   * Sets the parameters of a group. They count for all of its points, its constants and what is
   * derived from it; the scale of a constant may grow afterwards so that a bias fits its type.
   *
   * @param id the group's number
   * @param parameters as many pairs as the group has
   * @throws dev.octet.api.error.OctetException {@code OCT-CONV-021} if there is no such group;
   *     {@code OCT-CONV-022} if it is not {@linkplain Group#isAdjustable adjustable}; {@code
   *     OCT-CONV-023} if the number of pairs is another, a zero point is outside the type or not
   *     the middle of a symmetric one, or a scale is not on the grid of the scheme
   */
  void set(int id, QuantizationParameters parameters);

  /** Points that share parameters. Immutable. */
  final class Group {

    private final int id;
    private final List<Point> points;
    private final QuantizationSpec.Concrete spec;
    private final Optional<QuantizationParameters> parameters;
    private final List<Range> observed;

    private Group(
        int id,
        List<Point> points,
        QuantizationSpec.Concrete spec,
        Optional<QuantizationParameters> parameters,
        List<Range> observed) {
      this.id = id;
      this.points = List.copyOf(points);
      this.spec = Objects.requireNonNull(spec, "spec");
      this.parameters = parameters;
      this.observed = List.copyOf(observed);
    }

    /** Returns a group without parameters, of which nothing was observed. */
    public static Group of(int id, List<Point> points, QuantizationSpec.Concrete spec) {
      return new Group(id, points, spec, Optional.empty(), List.of());
    }

    /** Returns this group with parameters. */
    public Group withParameters(QuantizationParameters others) {
      return new Group(id, points, spec, Optional.of(others), observed);
    }

    /** Returns this group with what was observed of it. */
    public Group withObserved(List<Range> ranges) {
      return new Group(id, points, spec, parameters, ranges);
    }

    /** Returns the group's number, that of {@link ObserverPlan.Group#id}. */
    public int id() {
      return id;
    }

    /** Returns the points, sorted. */
    public List<Point> points() {
      return points;
    }

    /** Returns the one spec of all of them. */
    public QuantizationSpec.Concrete spec() {
      return spec;
    }

    /**
     * Returns a scale and zero point for the whole, or one for each channel or group of elements;
     * empty where they are derived from those of others, or computed while the model runs.
     */
    public Optional<QuantizationParameters> parameters() {
      return parameters;
    }

    /**
     * Returns the smallest and largest finite value that was seen of the data or found in the
     * constant, one range for each pair of parameters; empty where nothing was observed.
     */
    public List<Range> observed() {
      return observed;
    }

    /** Tells whether the parameters may be set: they were found for an observed spec. */
    public boolean isAdjustable() {
      return parameters.isPresent() && spec.observed().isPresent();
    }

    /** Returns the group as text. */
    @Override
    public String toString() {
      return "group " + id + " of " + points;
    }
  }
}
