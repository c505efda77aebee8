package dev.octet.annotation.rules;

import dev.octet.api.graph.OpType;
import dev.octet.api.pattern.NodeCondition;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * One place in a pattern: a node of one of several operators.
 *
 * @param ops the operators, at least one
 * @param optional whether the pattern also matches without this step; never the first
 * @param entry the operand by which the step reads the first result of the step before it; empty
 *     when any operand will do. Without meaning for the first step
 * @param alone whether this step must be the only reader of that result, which then is no output
 *     either. Without meaning for the first step
 * @param conditions what must hold for the node
 */
public record Step(
    List<OpType> ops,
    boolean optional,
    OptionalInt entry,
    boolean alone,
    List<NodeCondition> conditions) {

  /** Copies the lists and checks that there is an operator. */
  public Step {
    ops = List.copyOf(ops);
    conditions = List.copyOf(conditions);
    Objects.requireNonNull(entry, "entry");
    if (ops.isEmpty()) {
      throw new IllegalArgumentException("a step needs an operator");
    }
    if (entry.isPresent() && entry.getAsInt() < 0) {
      throw new IllegalArgumentException("operand " + entry.getAsInt() + " is negative");
    }
  }

  Step withEntry(OptionalInt newEntry) {
    return new Step(ops, optional, newEntry, alone, conditions);
  }

  Step withOtherReaders() {
    return new Step(ops, optional, entry, false, conditions);
  }

  Step withConditions(List<NodeCondition> newConditions) {
    return new Step(ops, optional, entry, alone, newConditions);
  }
}
