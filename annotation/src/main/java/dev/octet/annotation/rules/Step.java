package dev.octet.annotation.rules;

import dev.octet.api.graph.OpType;
import dev.octet.api.pattern.NodeCondition;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * One place in a pattern: a node of one of several operators. Every step but the first is found
 * from an earlier one: as a reader of its first result, or as the producer of one of its operands.
 *
 * @param ops the operators, at least one
 * @param optional whether the pattern also matches without this step; never the first
 * @param entry the operand by which this step reads the first result of the step that it is found
 *     from, or, where it joins, the operand of that step that it produces; empty when any operand
 *     will do. Without meaning for the first step
 * @param alone whether nobody else reads the value between the two, which then is no output either.
 *     Without meaning for the first step
 * @param conditions what must hold for the node
 * @param name the name by which points of the step are named; empty when it has none
 * @param from the number of the step that this one is found from; -1 for the first step. Where that
 *     one is optional and not there, a step of its branch, or of the chain, is found in its place;
 *     a branch that joins a step of the chain is not there either
 * @param joins whether this step is found as the producer of an operand, not as a reader
 */
public record Step(
    List<OpType> ops,
    boolean optional,
    OptionalInt entry,
    boolean alone,
    List<NodeCondition> conditions,
    String name,
    int from,
    boolean joins) {

  /** Copies the lists and checks that there is an operator. */
  public Step {
    ops = List.copyOf(ops);
    conditions = List.copyOf(conditions);
    Objects.requireNonNull(entry, "entry");
    Objects.requireNonNull(name, "name");
    if (ops.isEmpty()) {
      throw new IllegalArgumentException("a step needs an operator");
    }
    if (entry.isPresent() && entry.getAsInt() < 0) {
      throw new IllegalArgumentException("operand " + entry.getAsInt() + " is negative");
    }
  }

  Step withEntry(OptionalInt newEntry) {
    return new Step(ops, optional, newEntry, alone, conditions, name, from, joins);
  }

  Step withOtherReaders() {
    return new Step(ops, optional, entry, false, conditions, name, from, joins);
  }

  Step withConditions(List<NodeCondition> newConditions) {
    return new Step(ops, optional, entry, alone, newConditions, name, from, joins);
  }

  Step named(String newName) {
    return new Step(ops, optional, entry, alone, conditions, newName, from, joins);
  }

  Step foundFrom(int step) {
    return new Step(ops, optional, entry, alone, conditions, name, step, joins);
  }

  /** Returns this step as the producer of an operand of a step. */
  Step joining(int step, OptionalInt operand, boolean aloneThere) {
    return new Step(ops, optional, operand, aloneThere, conditions, name, step, true);
  }
}
