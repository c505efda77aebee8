package dev.octet.kernels.operators;

import dev.octet.api.graph.OpType;
import dev.octet.kernels.attention.AttentionOperators;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.definition.ControlFlow;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.elementwise.ElementwiseOperators;
import dev.octet.kernels.floats.FloatOperators;
import dev.octet.kernels.image.ImageOperators;
import dev.octet.kernels.integer.IntegerOperators;
import dev.octet.kernels.loss.LossOperators;
import dev.octet.kernels.movement.MovementOperators;
import dev.octet.kernels.normalize.NormalizationOperators;
import dev.octet.kernels.recurrent.RecurrentOperators;
import dev.octet.kernels.scatter.ScatterOperators;
import dev.octet.kernels.shape.ShapeRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The definitions of all operators of this module. */
public final class Operators {

  private static final SortedMap<OpType, OperatorDefinition> ALL = all();
  private static final Map<OpType, OperatorDefinition> INDEX = new HashMap<>(ALL);
  private static final SortedMap<OpType, OperatorDefinition> INTEGER_FORMS = integerForms();

  private Operators() {}

  /** Returns the definitions by operator. */
  public static SortedMap<OpType, OperatorDefinition> byType() {
    return ALL;
  }

  /** Returns the definition of an operator; empty when it is not known. */
  public static Optional<OperatorDefinition> find(OpType op) {
    return Optional.ofNullable(INDEX.get(op));
  }

  /** Returns the shape rule of an operator; empty when it is not known. */
  public static Optional<ShapeRule> shapeRuleOf(OpType op) {
    return find(op).map(OperatorDefinition::shape);
  }

  /** Returns how nodes of an operator are executed; empty when they are not. */
  public static Optional<OperatorKernel> kernelOf(OpType op) {
    return find(op).flatMap(OperatorDefinition::kernel);
  }

  /** Returns the operator on integers that does the work of one on floats; empty when none does. */
  public static Optional<OperatorDefinition> integerFormOf(OpType op) {
    return Optional.ofNullable(INTEGER_FORMS.get(op));
  }

  /**
   * Returns the operator that does the work of one on quantized integers: its integer form, or
   * itself where it moves elements or computes on integers; empty when it runs on floats alone.
   */
  public static Optional<OpType> onIntegers(OpType op) {
    return integerFormOf(op)
        .or(() -> find(op).filter(d -> d.movement().isPresent() || d.computesIntegers()))
        .map(OperatorDefinition::op);
  }

  private static SortedMap<OpType, OperatorDefinition> integerForms() {
    SortedMap<OpType, OperatorDefinition> forms = new TreeMap<>();
    for (OperatorDefinition definition : ALL.values()) {
      for (OpType op : definition.loweredFrom()) {
        if (forms.putIfAbsent(op, definition) != null) {
          throw new IllegalStateException("operator " + op + " has two integer forms");
        }
      }
    }
    return forms;
  }

  private static SortedMap<OpType, OperatorDefinition> all() {
    List<OperatorDefinition> definitions = new ArrayList<>();
    definitions.addAll(FloatOperators.definitions());
    definitions.addAll(ElementwiseOperators.definitions());
    definitions.addAll(RecurrentOperators.definitions());
    definitions.addAll(AttentionOperators.definitions());
    definitions.addAll(LossOperators.definitions());
    definitions.addAll(ScatterOperators.definitions());
    definitions.addAll(ImageOperators.definitions());
    definitions.addAll(NormalizationOperators.definitions());
    definitions.addAll(MovementOperators.definitions());
    definitions.addAll(IntegerOperators.definitions());
    for (ControlFlow kind : ControlFlow.values()) {
      definitions.add(OperatorDefinition.of(kind));
    }
    SortedMap<OpType, OperatorDefinition> byType = new TreeMap<>();
    for (OperatorDefinition definition : definitions) {
      if (byType.putIfAbsent(definition.op(), definition) != null) {
        throw new IllegalStateException("operator " + definition + " is defined twice");
      }
    }
    return Collections.unmodifiableSortedMap(byType);
  }
}
