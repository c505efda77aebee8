package dev.octet.annotation.rules;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType;
import dev.octet.api.operator.OperatorSignature;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.pattern.PlacedNode;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A condition of Octet's own: a record whose components are what it says. Immutable. Operands count
 * from 0, axes from the outermost; a negative axis counts from the innermost, -1. Made by {@link
 * Conditions}.
 */
sealed interface StatedCondition extends NodeCondition {

  @Override
  default String id() {
    return ConditionTree.kind(getClass());
  }

  /** Tells what the condition itself names, without its {@link #parts}. */
  void name(Names names);

  /** Hears what a condition names. */
  interface Names {
    /** An operator. */
    void operator(OpType op);

    /** An operand of the node. */
    void operand(int index);

    /** A result of the node. */
    void result(int index);

    /** An operand or a result of an earlier step. */
    void point(MatchPoint point);

    /**
     * An attribute of the node.
     *
     * @param name its name
     * @param kinds the words for the types that it may have; empty when any will do
     * @param needsDefault whether it is left to the operator what an absent one means
     */
    void attribute(String name, Set<String> kinds, boolean needsDefault);
  }

  /** Returns what the condition says of nodes of an operator; empty when it says nothing. */
  default Optional<NodeCondition> on(OpType op) {
    return Optional.of(this);
  }

  /** Returns the attributes that are absent where the condition holds. */
  default Set<String> absent() {
    return Set.of();
  }

  /** Returns the attributes that are there where the condition holds. */
  default Set<String> given() {
    return Set.of();
  }

  /** Returns the attributes of which the condition tells its parts what their absence means. */
  default Set<String> settled() {
    return Set.of();
  }

  /** Returns the axis that the condition speaks of; empty when it speaks of none. */
  default Optional<ChannelAxis> along() {
    return Optional.empty();
  }

  /**
   * An operand is a constant.
   *
   * @param operand the operand's index
   */
  record ConstantOperand(int operand) implements StatedCondition {
    @Override
    public void name(Names names) {
      names.operand(operand);
    }

    @Override
    public String words() {
      return "operand " + operand + " is constant";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      if (node.view().constant(operand).isPresent()) {
        return Optional.empty();
      }
      String what = OperandNames.of(node, operand);
      return Optional.of(
          what + (node.view().isPresent(operand) ? " is not constant" : " is left out"));
    }
  }

  /**
   * An operand is there and not a constant.
   *
   * @param operand the operand's index
   */
  record VariableOperand(int operand) implements StatedCondition {
    @Override
    public void name(Names names) {
      names.operand(operand);
    }

    @Override
    public String words() {
      return "operand " + operand + " is not constant";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      if (!node.view().isPresent(operand)) {
        return Optional.of(OperandNames.of(node, operand) + " is left out");
      }
      return fail(
          node.view().constant(operand).isEmpty(),
          () -> OperandNames.of(node, operand) + " is constant");
    }
  }

  /**
   * An optional operand is left out.
   *
   * @param operand the operand's index
   */
  record AbsentOperand(int operand) implements StatedCondition {
    @Override
    public void name(Names names) {
      names.operand(operand);
    }

    @Override
    public String words() {
      return "operand " + operand + " is left out";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return fail(
          !node.view().isPresent(operand),
          () -> OperandNames.of(node, operand) + " is not left out");
    }
  }

  /** All operands but the one that reads the step before are constants. */
  record OtherOperandsConstant() implements StatedCondition {
    @Override
    public void name(Names names) {}

    @Override
    public String words() {
      return "the other operands are constant";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return firstFailureOfOthers(node, ConstantOperand::new);
    }
  }

  /** No operand but the one that reads the step before is a constant. */
  record OtherOperandsVariable() implements StatedCondition {
    @Override
    public void name(Names names) {}

    @Override
    public String words() {
      return "the other operands are not constant";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return firstFailureOfOthers(node, VariableOperand::new);
    }
  }

  /**
   * The rank of an operand is one of these.
   *
   * @param operand the operand's index
   * @param ranks the ranks
   */
  record RankIn(int operand, List<Integer> ranks) implements StatedCondition {
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
  record SizeIn(int operand, int axis, List<Long> sizes) implements StatedCondition {
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
  record Divisible(int operand, int axis, int divisor) implements StatedCondition {
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
  record AtMost(int operand, int axis, long limit) implements StatedCondition {
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
   * A constant operand that runs along an axis of another one: rank at least 1, its last dimension
   * and its number of elements are the size of that axis. For biases.
   *
   * @param operand the index of the constant
   * @param other the index of the other operand
   * @param axis the axis of the other operand: its output channels
   */
  record RunsAlong(int operand, int other, ChannelAxis axis) implements StatedCondition {
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
   * Every number of an integer attribute is one of these. An absent attribute means what ONNX says;
   * where it says nothing, an absent attribute does not fulfil the condition.
   *
   * @param attribute the attribute's name
   * @param values the numbers, at least one
   */
  record AttributeIn(String attribute, List<Long> values) implements StatedCondition {
    /** Copies the list, which must not be empty. */
    public AttributeIn {
      values = List.copyOf(values);
      if (values.isEmpty()) {
        throw new IllegalArgumentException("attribute-in needs a value");
      }
    }

    @Override
    public void name(Names names) {
      names.attribute(attribute, Set.of("int", "ints"), true);
    }

    @Override
    public String words() {
      return attribute + " is " + oneOf(values);
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      Optional<Node> given = withAttribute(node, attribute);
      if (given.isEmpty()) {
        return Optional.of(attribute + " is absent");
      }
      List<Long> found =
          given
              .get()
              .intsAttribute(attribute)
              .orElseGet(() -> List.of(given.get().intAttribute(attribute, values.get(0))));
      return fail(
          values.containsAll(found),
          () ->
              attribute
                  + " is "
                  + (found.size() == 1 ? found.get(0) : found)
                  + ", not "
                  + oneOf(values));
    }
  }

  /**
   * An attribute is absent.
   *
   * @param attribute the attribute's name
   */
  record AbsentAttribute(String attribute) implements StatedCondition {
    @Override
    public void name(Names names) {
      names.attribute(attribute, Set.of(), false);
    }

    @Override
    public String words() {
      return attribute + " is absent";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return fail(node.view().attribute(attribute).isEmpty(), () -> attribute + " is given");
    }

    @Override
    public Set<String> absent() {
      return Set.of(attribute);
    }
  }

  /**
   * A float attribute has this value. An absent one means what ONNX says, see {@link AttributeIn}.
   *
   * @param attribute the attribute's name
   * @param value the value
   */
  record FloatAttributeIs(String attribute, float value) implements StatedCondition {
    @Override
    public void name(Names names) {
      names.attribute(attribute, Set.of("float"), true);
    }

    @Override
    public String words() {
      return attribute + " is " + value;
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return withAttribute(node, attribute)
          .map(given -> given.floatAttribute(attribute, value))
          .map(found -> fail(found == value, () -> attribute + " is " + found + ", not " + value))
          .orElseGet(() -> Optional.of(attribute + " is absent"));
    }
  }

  /**
   * A text attribute has one of these values. An absent one means what ONNX says, see {@link
   * AttributeIn}.
   *
   * @param attribute the attribute's name
   * @param values the values, at least one
   */
  record TextAttributeIn(String attribute, List<String> values) implements StatedCondition {
    /** Copies the list, which must not be empty. */
    public TextAttributeIn {
      values = List.copyOf(values);
      if (values.isEmpty()) {
        throw new IllegalArgumentException("text-attribute-in needs a value");
      }
    }

    @Override
    public void name(Names names) {
      names.attribute(attribute, Set.of("string"), true);
    }

    @Override
    public String words() {
      return attribute + " is " + oneOf(values);
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return withAttribute(node, attribute)
          .map(given -> given.stringAttribute(attribute, values.get(0)))
          .map(
              found ->
                  fail(
                      values.contains(found),
                      () -> attribute + " is " + found + ", not " + oneOf(values)))
          .orElseGet(() -> Optional.of(attribute + " is absent"));
    }
  }

  /**
   * An operand is left out, or a FLOAT constant whose elements all have this value.
   *
   * @param operand the operand's index
   * @param value the value
   */
  record ConstantValue(int operand, float value) implements StatedCondition {
    @Override
    public void name(Names names) {
      names.operand(operand);
    }

    @Override
    public String words() {
      return "operand " + operand + " is left out or the constant " + value;
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      if (!node.view().isPresent(operand)) {
        return Optional.empty();
      }
      Optional<Tensor> constant =
          node.view().constant(operand).filter(t -> t.dataType() == DataType.FLOAT);
      boolean equal = constant.isPresent();
      for (float element : constant.map(Tensor::floats).orElse(new float[0])) {
        equal &= element == value;
      }
      return fail(equal, () -> OperandNames.of(node, operand) + " is not the constant " + value);
    }
  }

  /**
   * A constant operand has at least this many elements.
   *
   * @param operand the operand's index
   * @param count the least number of elements
   */
  record ElementsAtLeast(int operand, long count) implements StatedCondition {
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
   * Two operands are one value.
   *
   * @param first an operand's index
   * @param second another one's
   */
  record SameValue(int first, int second) implements StatedCondition {
    @Override
    public void name(Names names) {
      names.operand(first);
      names.operand(second);
    }

    @Override
    public String words() {
      return "operands " + first + " and " + second + " are one value";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      Optional<String> value = node.view().node().operand(first);
      return fail(
          value.isPresent() && value.equals(node.view().node().operand(second)),
          () -> "operands " + first + " and " + second + " are not one value");
    }
  }

  /** Every constant operand has one element. */
  record SingleConstants() implements StatedCondition {
    @Override
    public void name(Names names) {}

    @Override
    public String words() {
      return "each constant operand has one element";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      for (int i = 0; i < node.view().node().operands().size(); i++) {
        Optional<Long> count = node.view().constant(i).map(Tensor::elementCount);
        if (count.filter(elements -> elements != 1).isPresent()) {
          return Optional.of(OperandNames.of(node, i) + " has " + count.get() + " elements");
        }
      }
      return Optional.empty();
    }
  }

  /**
   * Nobody asked for a result.
   *
   * @param result the result's index
   */
  record UnusedResult(int result) implements StatedCondition {
    @Override
    public void name(Names names) {
      names.result(result);
    }

    @Override
    public String words() {
      return "result " + result + " is not asked for";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return fail(!node.view().hasResult(result), () -> "result " + result + " is asked for");
    }
  }

  /**
   * Exactly one operand reads the value of an operand, and it is no graph output.
   *
   * @param operand the operand's index
   */
  record SingleUse(int operand) implements StatedCondition {
    @Override
    public void name(Names names) {
      names.operand(operand);
    }

    @Override
    public String words() {
      return "operand " + operand + " has no other reader";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return fail(
          node.view().isOnlyReader(operand),
          () -> OperandNames.of(node, operand) + " has other readers");
    }
  }

  /**
   * Exactly one operand reads the first result, that of a node of one of these operators, and it is
   * no graph output.
   *
   * @param ops the operators
   */
  record FollowedBy(List<OpType> ops) implements StatedCondition {
    /** Copies the list. */
    public FollowedBy {
      ops = List.copyOf(ops);
    }

    @Override
    public void name(Names names) {
      ops.forEach(names::operator);
    }

    @Override
    public String words() {
      return "its result goes to " + oneOf(ops) + " alone";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      List<NodeView.Reader> readers = node.view().readers(0);
      boolean followed =
          readers.size() == 1
              && !node.view().isOutput(0)
              && ops.contains(readers.get(0).node().node().op());
      return fail(followed, () -> "its result does not go to " + oneOf(ops) + " alone");
    }
  }

  /**
   * Another rule has quantized the value that an operand reads, where it is defined.
   *
   * @param operand the operand's index
   */
  record QuantizedOperand(int operand) implements StatedCondition {
    @Override
    public void name(Names names) {
      names.operand(operand);
    }

    @Override
    public String words() {
      return "operand " + operand + " is quantized where it is defined";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return fail(node.isQuantized(operand), () -> inputWords(operand) + " is not quantized");
    }

    @Override
    public boolean dependsOnMarks() {
      return true;
    }
  }

  /**
   * All operands but the one that reads the step before have one of these ranks.
   *
   * @param ranks the ranks
   */
  record OtherOperandsRankIn(List<Integer> ranks) implements StatedCondition {
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
  record OtherOperandsRunAlong(MatchPoint weight, ChannelAxis axis) implements StatedCondition {
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
              new AllOf(
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
   * All operands but the one that reads the step before read the value at a point of an earlier
   * step.
   *
   * @param point an operand or a result, one and not several
   */
  record OtherOperandsAre(MatchPoint point) implements StatedCondition {
    @Override
    public void name(Names names) {
      names.point(point);
    }

    @Override
    public String words() {
      return "the other operands are the value at " + point;
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      Optional<NodeView> earlier = node.matched(point.step());
      boolean same = earlier.isPresent();
      for (int i = 0; same && i < node.view().node().operands().size(); i++) {
        same = i == node.entry() || isAt(point, node.view(), i, earlier.get());
      }
      return fail(same, () -> "its other operand is not the value at " + point);
    }
  }

  /**
   * An operand reads the value at a point of an earlier step.
   *
   * @param operand the operand's index
   * @param point an operand or a result, one and not several
   */
  record OperandIs(int operand, MatchPoint point) implements StatedCondition {
    @Override
    public void name(Names names) {
      names.operand(operand);
      names.point(point);
    }

    @Override
    public String words() {
      return "operand " + operand + " is the value at " + point;
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      boolean same =
          node.matched(point.step())
              .filter(earlier -> isAt(point, node.view(), operand, earlier))
              .isPresent();
      return fail(same, () -> OperandNames.of(node, operand) + " is not the value at " + point);
    }
  }

  /**
   * A condition with a reason of the vendor's own.
   *
   * @param condition the condition
   * @param reason what is said of a node that fails it
   */
  record Because(NodeCondition condition, String reason) implements StatedCondition {
    /** Checks that no component is null and that there is a reason. */
    public Because {
      Objects.requireNonNull(condition, "condition");
      if (Objects.requireNonNull(reason, "reason").isBlank()) {
        throw new IllegalArgumentException("because needs a reason");
      }
    }

    @Override
    public Set<String> absent() {
      return attributes(List.of(condition), StatedCondition::absent);
    }

    @Override
    public Set<String> given() {
      return attributes(List.of(condition), StatedCondition::given);
    }

    @Override
    public void name(Names names) {}

    @Override
    public String words() {
      return condition.words();
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return condition.failure(node).map(why -> reason);
    }

    @Override
    public Optional<NodeCondition> on(OpType op) {
      return StatedCondition.on(condition, op).map(part -> new Because(part, reason));
    }

    @Override
    public List<NodeCondition> parts() {
      return List.of(condition);
    }

    @Override
    public boolean dependsOnMarks() {
      return condition.dependsOnMarks();
    }
  }

  /**
   * A condition on the nodes of one operator; nodes of others fulfil it.
   *
   * @param op the operator
   * @param condition the condition
   */
  record WhenOperator(OpType op, NodeCondition condition) implements StatedCondition {
    /** Checks that no component is null. */
    public WhenOperator {
      Objects.requireNonNull(op, "op");
      Objects.requireNonNull(condition, "condition");
    }

    @Override
    public void name(Names names) {
      names.operator(op);
    }

    @Override
    public String words() {
      return "where it is " + op + ", " + condition.words();
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return node.view().node().op().equals(op) ? condition.failure(node) : Optional.empty();
    }

    @Override
    public Optional<NodeCondition> on(OpType other) {
      return other.equals(op) ? Optional.of(condition) : Optional.empty();
    }

    @Override
    public List<NodeCondition> parts() {
      return List.of(condition);
    }

    @Override
    public boolean dependsOnMarks() {
      return condition.dependsOnMarks();
    }
  }

  /**
   * Two operands have shapes of the same dimensions; symbols count as equal when they have one
   * name.
   *
   * @param first the index of one operand
   * @param second the index of the other
   */
  record SameShape(int first, int second) implements StatedCondition {
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
   * The first result has two axes: the first one of operand 0, and one for all others, as of a
   * Flatten along axis 1. The sizes of these others must be known.
   */
  record FlattensBehindFirstAxis() implements StatedCondition {
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

  /**
   * Some node of these operators reads the first result, or none reads it.
   *
   * @param ops the operators
   */
  record ReadBy(List<OpType> ops) implements StatedCondition {
    /** Copies the list. */
    public ReadBy {
      ops = List.copyOf(ops);
    }

    @Override
    public void name(Names names) {
      ops.forEach(names::operator);
    }

    @Override
    public String words() {
      return "its result is read by " + oneOf(ops) + ", or not at all";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      List<NodeView.Reader> readers = node.view().readers(0);
      return fail(
          readers.isEmpty() || readers.stream().anyMatch(r -> ops.contains(r.node().node().op())),
          () -> "no " + oneOf(ops) + " reads its result");
    }
  }

  /**
   * A node of the user's model of this operator is folded into the node.
   *
   * @param op the operator, such as BatchNormalization
   */
  record Folded(OpType op) implements StatedCondition {
    @Override
    public void name(Names names) {
      names.operator(op);
    }

    @Override
    public String words() {
      return "a " + op + " is folded into it";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return fail(
          node.view().userNodes().stream().anyMatch(user -> user.op().equals(op)),
          () -> "no " + op + " is folded into it");
    }
  }

  /**
   * An operand reads what another match hands on: the first result of its last node, marked or not.
   *
   * @param operand the operand's index
   */
  record FollowsMatch(int operand) implements StatedCondition {
    @Override
    public void name(Names names) {
      names.operand(operand);
    }

    @Override
    public String words() {
      return "operand " + operand + " is the output of a quantized pattern";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return fail(
          node.followsMatch(operand),
          () -> inputWords(operand) + " is not the output of a quantized pattern");
    }

    @Override
    public boolean dependsOnMarks() {
      return true;
    }
  }

  /** Every operand reads what another match hands on; see {@link FollowsMatch}. */
  record AllFollowMatches() implements StatedCondition {
    @Override
    public void name(Names names) {}

    @Override
    public String words() {
      return "every operand is the output of a quantized pattern";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      for (int i = 0; i < node.view().node().operands().size(); i++) {
        Optional<String> failure = new FollowsMatch(i).failure(node);
        if (failure.isPresent()) {
          return failure;
        }
      }
      return Optional.empty();
    }

    @Override
    public boolean dependsOnMarks() {
      return true;
    }
  }

  /**
   * At least one of several conditions holds.
   *
   * @param conditions the conditions, at least one
   */
  record AnyOf(List<NodeCondition> conditions) implements StatedCondition {
    /** Copies the list, which must not be empty. */
    public AnyOf {
      conditions = List.copyOf(conditions);
      if (conditions.isEmpty()) {
        throw new IllegalArgumentException("any-of needs a condition");
      }
    }

    @Override
    public Set<String> settled() {
      return attributes(conditions, StatedCondition::absent);
    }

    @Override
    public void name(Names names) {}

    @Override
    public String words() {
      List<String> all = conditions.stream().map(NodeCondition::words).toList();
      String first = all.get(0);
      int verb = first.indexOf(" is ");
      String common = verb < 0 ? "" : first.substring(0, verb + " is ".length());
      return verb >= 0 && all.stream().allMatch(words -> words.startsWith(common))
          ? common
              + all.stream()
                  .map(words -> words.substring(common.length()))
                  .collect(Collectors.joining(" or "))
          : String.join(", or ", all);
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      Set<String> failures = new LinkedHashSet<>();
      for (NodeCondition condition : conditions) {
        Optional<String> failure = condition.failure(node);
        if (failure.isEmpty()) {
          return failure;
        }
        failures.add(failure.get());
      }
      return Optional.of(String.join(", and ", failures));
    }

    @Override
    public List<NodeCondition> parts() {
      return conditions;
    }

    @Override
    public boolean dependsOnMarks() {
      return conditions.stream().anyMatch(NodeCondition::dependsOnMarks);
    }
  }

  /**
   * All of several conditions hold; for use inside others.
   *
   * @param conditions the conditions
   */
  record AllOf(List<NodeCondition> conditions) implements StatedCondition {
    /** Copies the list. */
    public AllOf {
      conditions = List.copyOf(conditions);
    }

    @Override
    public Set<String> given() {
      return attributes(conditions, StatedCondition::given);
    }

    @Override
    public Set<String> settled() {
      return given();
    }

    @Override
    public void name(Names names) {}

    @Override
    public String words() {
      return conditions.stream().map(NodeCondition::words).collect(Collectors.joining(" and "));
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return conditions.stream()
          .map(c -> c.failure(node))
          .filter(Optional::isPresent)
          .findFirst()
          .orElse(Optional.empty());
    }

    @Override
    public List<NodeCondition> parts() {
      return conditions;
    }

    @Override
    public boolean dependsOnMarks() {
      return conditions.stream().anyMatch(NodeCondition::dependsOnMarks);
    }
  }

  /**
   * A condition does not hold.
   *
   * @param condition the condition
   */
  record Not(NodeCondition condition) implements StatedCondition {
    /** Checks that the condition is not null. */
    public Not {
      Objects.requireNonNull(condition, "condition");
    }

    @Override
    public Set<String> given() {
      return attributes(List.of(condition), StatedCondition::absent);
    }

    @Override
    public void name(Names names) {}

    @Override
    public String words() {
      return "not: " + condition.words();
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return fail(condition.failure(node).isPresent(), condition::words);
    }

    @Override
    public List<NodeCondition> parts() {
      return List.of(condition);
    }

    @Override
    public boolean dependsOnMarks() {
      return condition.dependsOnMarks();
    }
  }

  /**
   * A FLOAT operand: what every point that is quantized must be.
   *
   * @param operand the operand's index
   */
  record FloatOperand(int operand) implements StatedCondition {
    @Override
    public void name(Names names) {
      names.operand(operand);
    }

    @Override
    public String words() {
      return "operand " + operand + " is FLOAT";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      Optional<ValueType.TensorType> type = node.view().type(operand);
      if (node.view().constant(operand).filter(t -> t.elementCount() == 0).isPresent()) {
        return Optional.of(OperandNames.of(node, operand) + " is a constant without elements");
      }
      return fail(
          type.isPresent() && type.get().dataType() == DataType.FLOAT,
          () ->
              "type of "
                  + OperandNames.of(node, operand)
                  + " is "
                  + type.map(known -> known + ", not FLOAT").orElseGet(() -> unknown(node)));
    }

    /** What stands before may be of an operator that nobody here knows; the model can say it. */
    private String unknown(PlacedNode node) {
      List<String> operands = node.view().node().operands();
      String value = operand < operands.size() ? operands.get(operand) : "";
      String next =
          value.isEmpty() ? "" : ": state the type of '" + value + "' in the model (value_info)";
      return "not known, not FLOAT" + next;
    }
  }

  /** Returns the attributes that conditions of Octet's among some name. */
  static Set<String> attributes(
      List<NodeCondition> conditions, Function<StatedCondition, Set<String>> named) {
    Set<String> all = Set.of();
    for (NodeCondition one : conditions) {
      Set<String> own = one instanceof StatedCondition stated ? named.apply(stated) : Set.of();
      if (!own.isEmpty()) {
        all = new HashSet<>(all);
        all.addAll(own);
      }
    }
    return all;
  }

  /** Returns what a condition, one of a vendor's own too, says of nodes of an operator. */
  static Optional<NodeCondition> on(NodeCondition condition, OpType op) {
    return condition instanceof StatedCondition stated ? stated.on(op) : Optional.of(condition);
  }

  /** Tells whether an operand reads the value at a point of the node of an earlier step. */
  private static boolean isAt(MatchPoint point, NodeView node, int operand, NodeView earlier) {
    return point.side() == MatchPoint.Side.RESULT
        ? node.reads(operand, earlier, point.index())
        : node.readsSame(operand, earlier, point.index());
  }

  /** Returns the node with what an absent attribute means; empty where nobody says it. */
  private static Optional<Node> withAttribute(PlacedNode placed, String attribute) {
    Node node = placed.view().node();
    return node.attributes().containsKey(attribute)
        ? Optional.of(node)
        : OperatorSignature.of(node.op())
            .flatMap(known -> known.whenAbsent(attribute))
            .map(value -> node.withAttribute(new Attribute(attribute, value, Optional.empty())));
  }

  private static Optional<String> fail(boolean holds, Supplier<String> reason) {
    return holds ? Optional.empty() : Optional.of(reason.get());
  }

  /** An operand as the reasons of rules that follow others name it. */
  private static String inputWords(int operand) {
    return operand == 0 ? "its input" : "operand " + operand;
  }

  private static String oneOf(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(" or "));
  }

  /**
   * Returns why the first of the operands that are there and do not read the step before fails a
   * condition; empty when all fulfil it.
   */
  private static Optional<String> firstFailureOfOthers(
      PlacedNode node, IntFunction<NodeCondition> condition) {
    return IntStream.range(0, node.view().node().operands().size())
        .filter(operand -> operand != node.entry() && node.view().isPresent(operand))
        .mapToObj(operand -> condition.apply(operand).failure(node))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static String sizeText(PlacedNode node, int operand, int axis, OptionalLong size) {
    return OperandNames.of(node, operand)
        + " has size "
        + (size.isPresent() ? String.valueOf(size.getAsLong()) : "unknown")
        + " along axis "
        + axis;
  }
}
