package dev.octet.kernels.infer;

import dev.octet.api.graph.OpType;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.operators.Operators;
import dev.octet.kernels.shape.ShapeRule;
import java.util.Optional;

/** The shape rules of the operators' definitions. Immutable and thread-safe. */
public final class ShapeRules {

  private static final ShapeRules STANDARD = new ShapeRules();

  private ShapeRules() {}

  /** Returns the rules of all operators that Octet knows. */
  public static ShapeRules standard() {
    return STANDARD;
  }

  /** Returns the rule of an operator; empty when there is none. */
  public Optional<ShapeRule> find(OpType op) {
    return Operators.find(op).map(OperatorDefinition::shape);
  }
}
