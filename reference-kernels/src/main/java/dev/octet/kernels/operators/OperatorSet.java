package dev.octet.kernels.operators;

import dev.octet.api.graph.OpType;
import dev.octet.api.runtime.CustomOperator;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.shape.ShapeRule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operators that a model may have: Octet's, and those of a backend. Immutable. */
public final class OperatorSet {

  private static final OperatorSet STANDARD = new OperatorSet(Map.of());

  private final Map<OpType, OperatorDefinition> custom;

  private OperatorSet(Map<OpType, OperatorDefinition> custom) {
    this.custom = Map.copyOf(custom);
  }

  /** Returns Octet's own operators. */
  public static OperatorSet standard() {
    return STANDARD;
  }

  /**
   * Returns Octet's operators and others.
   *
   * @param operators operators of other domains than Octet's
   * @throws IllegalArgumentException if one is defined twice
   */
  public static OperatorSet with(List<CustomOperator> operators) {
    Map<OpType, OperatorDefinition> custom = new HashMap<>();
    for (CustomOperator operator : operators) {
      OperatorDefinition definition = CustomKernel.definition(operator);
      boolean known = Operators.find(definition.op()).isPresent();
      if (known || custom.put(definition.op(), definition) != null) {
        throw new IllegalArgumentException("operator " + definition + " is defined twice");
      }
    }
    return new OperatorSet(custom);
  }

  /** Returns the definition of an operator; empty when it is not known. */
  public Optional<OperatorDefinition> find(OpType op) {
    return Operators.find(op).or(() -> Optional.ofNullable(custom.get(op)));
  }

  /** Returns the shape rule of an operator; empty when it is not known. */
  public Optional<ShapeRule> shapeRuleOf(OpType op) {
    return find(op).map(OperatorDefinition::shape);
  }

  /** Returns how nodes of an operator are executed; empty when they are not. */
  public Optional<OperatorKernel> kernelOf(OpType op) {
    return find(op).flatMap(OperatorDefinition::kernel);
  }

  /** Returns whose operators they are. */
  @Override
  public String toString() {
    return custom.isEmpty()
        ? "Octet's operators"
        : "Octet's operators and " + custom.size() + " more";
  }
}
