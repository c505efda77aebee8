package dev.octet.kernels.shape;

import dev.octet.api.graph.OpType;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The shape rules by operator. Immutable and thread-safe. */
public final class ShapeRules {

  private final SortedMap<OpType, ShapeRule> rules;

  private ShapeRules(SortedMap<OpType, ShapeRule> rules) {
    this.rules = rules;
  }

  /** Returns the rules of all operators that Octet knows. */
  public static ShapeRules standard() {
    Builder builder = new Builder();
    elementwise(builder);
    movement(builder);
    return builder.build();
  }

  /** Returns the rule of an operator; empty when there is none. */
  public Optional<ShapeRule> find(OpType op) {
    return Optional.ofNullable(rules.get(op));
  }

  private static void elementwise(Builder builder) {
    for (String name : new String[] {"Relu", "Identity"}) {
      builder.add(name, ElementwiseShapes::sameAsFirst);
    }
    for (String name : new String[] {"Add", "Sub", "Mul", "Div"}) {
      builder.add(name, ElementwiseShapes::broadcast);
    }
  }

  private static void movement(Builder builder) {
    builder.add("Reshape", ReshapeShapes::reshape);
    builder.add("Flatten", ReshapeShapes::flatten);
    builder.add("Squeeze", ReshapeShapes::squeeze);
    builder.add("Unsqueeze", ReshapeShapes::unsqueeze);
  }

  /** Collects rules. */
  private static final class Builder {
    private final SortedMap<OpType, ShapeRule> rules = new TreeMap<>();

    Builder add(String onnxName, ShapeRule rule) {
      return add(OpType.onnx(onnxName), rule);
    }

    Builder add(OpType op, ShapeRule rule) {
      if (rules.putIfAbsent(op, rule) != null) {
        throw new IllegalStateException("operator " + op + " has two shape rules");
      }
      return this;
    }

    ShapeRules build() {
      return new ShapeRules(new TreeMap<>(rules));
    }
  }
}
