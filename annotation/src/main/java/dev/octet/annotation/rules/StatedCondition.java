package dev.octet.annotation.rules;

import dev.octet.api.graph.OpType;
import dev.octet.api.pattern.NodeCondition;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A condition of Octet's own: a record whose components are what it says. Immutable. Operands count
 * from 0, axes from the outermost; a negative axis counts from the innermost, -1. Made by {@link
 * Conditions}.
 */
sealed interface StatedCondition extends NodeCondition
    permits AttributeCondition,
        CombinedCondition,
        NeighbourCondition,
        OperandCondition,
        ShapeCondition {

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

  /** Tells whether the condition says something of nodes of every operator; see {@link #on}. */
  default boolean isOfEveryOperator() {
    return true;
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
   * Returns the attributes that conditions of Octet's among some name. An object is asked for one
   * interface here, since a JVM remembers of its class only the last that it was asked for.
   */
  static Set<String> attributes(List<?> conditions, Function<StatedCondition, Set<String>> named) {
    Set<String> all = Set.of();
    for (Object one : conditions) {
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
}
