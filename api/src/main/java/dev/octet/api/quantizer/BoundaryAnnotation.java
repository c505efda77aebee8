package dev.octet.api.quantizer;

import dev.octet.api.graph.Point;
import dev.octet.api.spec.QuantizationSpec;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The decision on one input or output of the graph. Immutable. */
public final class BoundaryAnnotation {

  private final Point point;
  private final QuantizationSpec spec;
  private final @Nullable String decidedBy;

  private BoundaryAnnotation(Point point, QuantizationSpec spec, @Nullable String decidedBy) {
    this.point = point;
    this.spec = Objects.requireNonNull(spec, "spec");
    this.decidedBy = decidedBy;
  }

  /**
   * Returns the decision of a quantizer.
   *
   * @param point the input or output
   * @param spec how it is quantized, or why it is kept in float
   * @throws IllegalArgumentException if the point is of a node
   */
  public static BoundaryAnnotation of(Point point, QuantizationSpec spec) {
    if (!point.isBoundary()) {
      throw new IllegalArgumentException(point + " is no input or output of the graph");
    }
    return new BoundaryAnnotation(point, spec, null);
  }

  /** Returns this decision as one of a selector of a policy. */
  public BoundaryAnnotation decidedBy(String who) {
    return new BoundaryAnnotation(point, spec, Objects.requireNonNull(who, "who"));
  }

  /** Returns the input or output. */
  public Point point() {
    return point;
  }

  /** Returns how it is quantized, or why it is kept in float. */
  public QuantizationSpec spec() {
    return spec;
  }

  /** Returns which selector of a policy decided; empty when no policy says anything of it. */
  public Optional<String> decidedBy() {
    return Optional.ofNullable(decidedBy);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BoundaryAnnotation that
        && point.equals(that.point)
        && spec.equals(that.spec)
        && Objects.equals(decidedBy, that.decidedBy);
  }

  @Override
  public int hashCode() {
    return Objects.hash(point, spec, decidedBy);
  }

  @Override
  public String toString() {
    return point + ": " + spec + (decidedBy == null ? "" : ", decided by " + decidedBy);
  }
}
