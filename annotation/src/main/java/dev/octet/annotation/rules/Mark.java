package dev.octet.annotation.rules;

import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.pattern.NodeView;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How a rule quantizes one point of its match; a point that is left out is passed over. Immutable.
 *
 * @param at which point, or which several
 * @param spec how it is quantized
 * @param whenConstant how it is quantized where it is a constant; empty when that makes no
 *     difference
 * @param whenMadeBy how it is quantized where certain operators make it; empty when that makes no
 *     difference
 */
public record Mark(
    MatchPoint at,
    SpecTemplate spec,
    Optional<SpecTemplate> whenConstant,
    Optional<MadeBy> whenMadeBy) {

  /** Operators of one operand that hand its elements on, or some of them. */
  private static final Set<OpType> MOVEMENTS =
      Set.of(
          OpType.onnx("Dropout"),
          OpType.onnx("Flatten"),
          OpType.onnx("Identity"),
          OpType.onnx("Reshape"),
          OpType.onnx("Slice"),
          OpType.onnx("Squeeze"),
          OpType.onnx("Transpose"),
          OpType.onnx("Unsqueeze"));

  /**
   * How operands are quantized that certain operators make, whose parameters they are to share.
   *
   * @param operators the operators; what they make may pass through nodes that move elements, such
   *     as Reshape, before it is read
   * @param spec how the operands are quantized
   */
  public record MadeBy(List<OpType> operators, SpecTemplate spec) {
    /** Copies the list and checks that there is an operator. */
    public MadeBy {
      operators = List.copyOf(operators);
      Objects.requireNonNull(spec, "spec");
      if (operators.isEmpty()) {
        throw new IllegalArgumentException("no operator is named that makes the operand");
      }
    }
  }

  /** Checks the components; a mark stands at an operand or a result. */
  public Mark {
    Objects.requireNonNull(spec, "spec");
    Objects.requireNonNull(whenConstant, "whenConstant");
    if (at.side() == MatchPoint.Side.DEFINITION) {
      throw new IllegalArgumentException("a mark stands at a point of the match, not at " + at);
    }
    if (whenMadeBy.isPresent() && at.side() != MatchPoint.Side.OPERAND) {
      throw new IllegalArgumentException("who makes it is asked of an operand, not of " + at);
    }
  }

  /** Returns how a point is quantized, one of those that {@link #at} stands for. */
  SpecTemplate specAt(NodeView node, Point point) {
    if (point.side() != Point.Side.OPERAND) {
      return spec;
    }
    if (node.constant(point.index()).isPresent()) {
      return whenConstant.orElse(spec);
    }
    return whenMadeBy
        .filter(made -> isMadeBy(made.operators(), node, point.index()))
        .map(MadeBy::spec)
        .orElse(spec);
  }

  private static boolean isMadeBy(List<OpType> operators, NodeView node, int operand) {
    Optional<NodeView> maker = node.producer(operand);
    while (maker.isPresent() && MOVEMENTS.contains(maker.get().node().op())) {
      maker = maker.get().producer(0);
    }
    return maker.filter(view -> operators.contains(view.node().op())).isPresent();
  }
}
