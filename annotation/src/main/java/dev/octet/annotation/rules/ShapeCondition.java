package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.ConditionReasons.fail;
import static dev.octet.annotation.rules.ConditionReasons.firstFailureOfOthers;
import static dev.octet.annotation.rules.ConditionReasons.oneOf;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.pattern.PlacedNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Which ranks and sizes operands have. */
sealed interface ShapeCondition extends StatedCondition {

  /**
   * The rank of an operand is one of these.
   *
   * @param operand the operand's index
   * @param ranks the ranks
   */
  record RankIn(int operand, List<Integer> ranks) implements ShapeCondition {
    /** Copies the list, which must not be empty. */
    public RankIn {
      ranks = List.copyOf(ranks);
      if (ranks.isEmpty()) {
        throw new IllegalArgumentException("rank-in needs a rank");
      }
    }

    @Override
    public void name(Names names) {
      names.operand(operand);
    }

    @Override
    public String words() {
      return "rank of operand " + operand + " is " + oneOf(ranks);
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      Optional<Integer> rank = node.view().shape(operand).map(Shape::rank);
      return fail(
          rank.isPresent() && ranks.contains(rank.get()),
          () ->
              OperandNames.of(node, operand)
                  + " has rank "
                  + rank.map(String::valueOf).orElse("unknown")
                  + ", not "
                  + oneOf(ranks));
    }
  }

  /**
   * A dimension of an operand is one of these sizes.
   *
   * @param operand the operand's index
   * @param axis the axis
   * @param sizes the sizes
   */
  record SizeIn(int operand, int axis, List<Long> sizes) implements ShapeCondition {
    /** Copies the list. */
    public SizeIn {
      sizes = List.copyOf(sizes);
    }

    @Override
    public void name(Names names) {
      names.operand(operand);
    }

    @Override
    public String words() {
      return "size of operand " + operand + " along axis " + axis + " is " + oneOf(sizes);
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      OptionalLong size = node.view().size(operand, axis);
      return fail(
          size.isPresent() && sizes.contains(size.getAsLong()),
          () -> sizeText(node, operand, axis, size) + ", not " + oneOf(sizes));
    }
  }

  /**
   * A dimension of an operand is a multiple of a number.
   *
   * @param operand the operand's index
   * @param axis the axis
   * @param divisor the number, at least 1
   */
  record Divisible(int operand, int axis, int divisor) implements ShapeCondition {
    /** Checks the divisor. */
    public Divisible {
      if (divisor < 1) {
        throw new IllegalArgumentException("divisor " + divisor + " is below 1");
      }
    }

    @Override
    public void name(Names names) {
      names.operand(operand);
    }

    @Override
    public String words() {
      return "size of operand " + operand + " along axis " + axis + " is a multiple of " + divisor;
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      OptionalLong size = node.view().size(operand, axis);
      return fail(
          size.isPresent() && size.getAsLong() % divisor == 0,
          () -> sizeText(node, operand, axis, size) + ", not a multiple of " + divisor);
    }
  }

  /**
   * A dimension of an operand is at most a number.
   *
   * @param operand the operand's index
   * @param axis the axis
   * @param limit the largest size
   */
  record AtMost(int operand, int axis, long limit) implements ShapeCondition {
    @Override
    public void name(Names names) {
      names.operand(operand);
    }

    @Override
    public String words() {
      return "size of operand " + operand + " along axis " + axis + " is at most " + limit;
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      OptionalLong size = node.view().size(operand, axis);
      return fail(
          size.isPresent() && size.getAsLong() <= limit,
          () -> sizeText(node, operand, axis, size) + ", above " + limit);
    }
  }

  /**
   * A constant operand has at least this many elements.
   *
   * @param operand the operand's index
   * @param count the least number of elements
   */
  record ElementsAtLeast(int operand, long count) implements ShapeCondition {
    @Override
    public void name(Names names) {
      names.operand(operand);
    }

    @Override
    public String words() {
      return "operand " + operand + " is a constant of at least " + count + " elements";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      Optional<Long> found = node.view().constant(operand).map(Tensor::elementCount);
      return fail(
          found.isPresent() && found.get() >= count,
          () ->
              OperandNames.of(node, operand)
                  + found.map(n -> " has " + n + " elements").orElse(" is not constant"));
    }
  }

  /**
   * Two operands have shapes of the same dimensions; symbols count as equal when they have one
   * name.
   *
   * @param first the index of one operand
   * @param second the index of the other
   */
  record SameShape(int first, int second) implements ShapeCondition {
    @Override
    public void name(Names names) {
      names.operand(first);
      names.operand(second);
    }

    @Override
    public String words() {
      return "operands " + first + " and " + second + " have the same shape";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      Optional<Shape> one = node.view().shape(first);
      return fail(
          one.isPresent() && one.equals(node.view().shape(second)),
          () ->
              "operands "
                  + first
                  + " and "
                  + second
                  + " have the shapes "
                  + one.map(Shape::toString).orElse("unknown")
                  + " and "
                  + node.view().shape(second).map(Shape::toString).orElse("unknown"));
    }
  }

  /**
   * A constant operand that runs along an axis of another one: rank at least 1, its last dimension
   * and its number of elements are the size of that axis. For biases.
   *
   * @param operand the index of the constant
   * @param other the index of the other operand
   * @param axis the axis of the other operand: its output channels
   */
  record RunsAlong(int operand, int other, ChannelAxis axis) implements ShapeCondition {
    @Override
    public void name(Names names) {
      names.operand(operand);
      names.operand(other);
    }

    @Override
    public String words() {
      return "operand " + operand + " has one value for each output channel";
    }

    @Override
    public Optional<ChannelAxis> along() {
      return Optional.of(axis);
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      Optional<Tensor> constant = node.view().constant(operand);
      OptionalInt along = axis.find(node.view(), other);
      OptionalLong size =
          along.isPresent() ? node.view().size(other, along.getAsInt()) : OptionalLong.empty();
      boolean runs =
          constant.isPresent()
              && size.isPresent()
              && constant.get().rank() > 0
              && constant.get().elementCount() == size.getAsLong()
              && constant.get().sizes()[constant.get().rank() - 1] == size.getAsLong();
      return fail(
          runs,
          () -> OperandNames.of(node, operand) + " has not one value for each output channel");
    }
  }

  /**
   * All operands but the one that reads the step before have one of these ranks.
   *
   * @param ranks the ranks
   */
  record OtherOperandsRankIn(List<Integer> ranks) implements ShapeCondition {
    /** Copies the list. */
    public OtherOperandsRankIn {
      ranks = List.copyOf(ranks);
    }

    @Override
    public void name(Names names) {}

    @Override
    public String words() {
      return "rank of the other operands is " + oneOf(ranks);
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return firstFailureOfOthers(node, operand -> new RankIn(operand, ranks));
    }
  }

  /**
   * All operands but the one that reads the step before have one value for each output channel of a
   * weight of an earlier step: rank 1, and the size of the weight's axis. For biases that are added
   * in a node of their own.
   *
   * @param weight an operand of an earlier step, one and not several
   * @param axis the axis of the weight: its output channels
   */
  record OtherOperandsRunAlong(MatchPoint weight, ChannelAxis axis) implements ShapeCondition {
    @Override
    public void name(Names names) {
      names.point(weight);
    }

    @Override
    public String words() {
      return "the other operands have one value for each output channel";
    }

    @Override
    public Optional<ChannelAxis> along() {
      return Optional.of(axis);
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      List<Long> channels = node.matched(weight.step()).map(this::channels).orElse(List.of());
      return firstFailureOfOthers(
          node,
          operand ->
              new CombinedCondition.AllOf(
                  List.of(new RankIn(operand, List.of(1)), new SizeIn(operand, 0, channels))));
    }

    /** No size where it is not known. */
    private List<Long> channels(NodeView layer) {
      return axis.find(layer, weight.index()).stream()
          .mapToObj(along -> layer.size(weight.index(), along))
          .flatMapToLong(OptionalLong::stream)
          .boxed()
          .toList();
    }
  }

  /**
   * The first result has two axes: the first one of operand 0, and one for all others, as of a
   * Flatten along axis 1. The sizes of these others must be known.
   */
  record FlattensBehindFirstAxis() implements ShapeCondition {
    @Override
    public void name(Names names) {}

    @Override
    public String words() {
      return "its result has the first axis of operand 0 and one for all others";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      Optional<Long> elements =
          node.view().shape(0).flatMap(FlattensBehindFirstAxis::behindFirstAxis);
      Optional<Shape> result = node.view().resultShape(0);
      boolean flattens =
          elements.isPresent()
              && result.filter(shape -> shape.rank() == 2).isPresent()
              && elements.equals(result.flatMap(FlattensBehindFirstAxis::behindFirstAxis));
      return fail(
          flattens,
          () ->
              "it makes "
                  + result.map(Shape::toString).orElse("an unknown shape")
                  + " of "
                  + node.view().shape(0).map(Shape::toString).orElse("an unknown shape")
                  + ", not the first axis and one for all others");
    }

    private static Optional<Long> behindFirstAxis(Shape shape) {
      long elements = 1;
      for (Dimension dimension : shape.dimensions().stream().skip(1).toList()) {
        if (!dimension.isKnown()) {
          return Optional.empty();
        }
        elements *= dimension.known().getAsLong();
      }
      return shape.rank() > 1 ? Optional.of(elements) : Optional.empty();
    }
  }

  private static String sizeText(PlacedNode node, int operand, int axis, OptionalLong size) {
    return OperandNames.of(node, operand)
        + " has size "
        + (size.isPresent() ? String.valueOf(size.getAsLong()) : "unknown")
        + " along axis "
        + axis;
  }
}
