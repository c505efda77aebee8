package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.ConditionReasons.fail;
import static dev.octet.annotation.rules.ConditionReasons.oneOf;

import dev.octet.api.graph.OpType;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.pattern.PlacedNode;
import java.util.List;
import java.util.Optional;

/** Who defines what a node reads, and who reads what it defines. */
sealed interface NeighbourCondition extends StatedCondition {

  /**
   * Nobody asked for a result.
   *
   * @param result the result's index
   */
  record UnusedResult(int result) implements NeighbourCondition {
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
  record SingleUse(int operand) implements NeighbourCondition {
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
  record FollowedBy(List<OpType> ops) implements NeighbourCondition {
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
   * Some node of these operators reads the first result, or none reads it.
   *
   * @param ops the operators
   */
  record ReadBy(List<OpType> ops) implements NeighbourCondition {
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
  record Folded(OpType op) implements NeighbourCondition {
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
   * Another rule has quantized the value that an operand reads, where it is defined.
   *
   * @param operand the operand's index
   */
  record QuantizedOperand(int operand) implements NeighbourCondition {
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
   * An operand reads the value at a point of an earlier step.
   *
   * @param operand the operand's index
   * @param point an operand or a result, one and not several
   */
  record OperandIs(int operand, MatchPoint point) implements NeighbourCondition {
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
   * All operands but the one that reads the step before read the value at a point of an earlier
   * step.
   *
   * @param point an operand or a result, one and not several
   */
  record OtherOperandsAre(MatchPoint point) implements NeighbourCondition {
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
   * An operand reads what another match hands on: the first result of its last node, marked or not.
   *
   * @param operand the operand's index
   */
  record FollowsMatch(int operand) implements NeighbourCondition {
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
  record AllFollowMatches() implements NeighbourCondition {
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

  /** Tells whether an operand reads the value at a point of the node of an earlier step. */
  private static boolean isAt(MatchPoint point, NodeView node, int operand, NodeView earlier) {
    return point.side() == MatchPoint.Side.RESULT
        ? node.reads(operand, earlier, point.index())
        : node.readsSame(operand, earlier, point.index());
  }

  /** An operand as the reasons of rules that follow others name it. */
  private static String inputWords(int operand) {
    return operand == 0 ? "its input" : "operand " + operand;
  }
}
