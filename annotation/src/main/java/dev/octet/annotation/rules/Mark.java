package dev.octet.annotation.rules;

import dev.octet.api.graph.Point;
import dev.octet.api.pattern.NodeView;
import java.util.Objects;
import java.util.Optional;

/**
 * How a rule quantizes one point of its match; a point that is left out is passed over. Immutable.
 *
 * @param at which point, or which several
 * @param spec how it is quantized
 * @param whenConstant how it is quantized where it is a constant; empty when that makes no
 *     difference
 */
public record Mark(MatchPoint at, SpecTemplate spec, Optional<SpecTemplate> whenConstant) {

  /** Checks the components; a mark stands at an operand or a result. */
  public Mark {
    Objects.requireNonNull(spec, "spec");
    Objects.requireNonNull(whenConstant, "whenConstant");
    if (at.side() == MatchPoint.Side.DEFINITION) {
      throw new IllegalArgumentException("a mark stands at a point of the match, not at " + at);
    }
  }

  /** Returns how a point is quantized, one of those that {@link #at} stands for. */
  SpecTemplate specAt(NodeView node, Point point) {
    boolean constant =
        point.side() == Point.Side.OPERAND && node.constant(point.index()).isPresent();
    return whenConstant.filter(spec -> constant).orElse(spec);
  }
}
