package dev.octet.api.runtime;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.qdq.DynamicValue;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.qdq.QdqLayout;
import dev.octet.api.qdq.QdqValue;
import dev.octet.api.qdq.QuantizedValue;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Granularity.PerGroup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One way in which a model uses an operator: the operator, and what its operands and results are
 * made of. What a runtime promises, it promises of uses. Incubating. Immutable.
 */
public final class OperatorUse {

  private final OpType op;
  private final List<Optional<Value>> operands;
  private final Set<Integer> leftOut;
  private final List<Optional<Value>> results;

  private OperatorUse(Builder builder) {
    this.op = builder.op;
    this.leftOut = Set.copyOf(builder.leftOut);
    this.operands = List.copyOf(builder.operands);
    this.results = List.copyOf(builder.results);
  }

  /**
   * An operand or a result.
   *
   * @param type the element type: of the stored integers where it is quantized
   * @param granularity which elements share a scale; empty where it is not quantized
   * @param dynamic whether the model computes the scales while it runs
   */
  public record Value(DataType type, Optional<Granularity> granularity, boolean dynamic) {

    /** Checks that no component is null, and that what is not quantized is not dynamic. */
    public Value {
      Objects.requireNonNull(type, "type");
      if (dynamic && granularity.isEmpty()) {
        throw new IllegalArgumentException("a value that is not quantized is not dynamic");
      }
    }

    /** Returns a value that is not quantized. */
    public static Value plain(DataType type) {
      return new Value(type, Optional.empty(), false);
    }

    /** Returns a quantized value whose scales are constants. */
    public static Value quantized(DataType type, Granularity granularity) {
      return new Value(type, Optional.of(granularity), false);
    }

    /** Returns a quantized value whose scales the model computes. */
    public static Value dynamic(DataType type, Granularity granularity) {
      return new Value(type, Optional.of(granularity), true);
    }
  }

  /** Starts a use of an operator, without operands and results. */
  public static Builder of(OpType op) {
    return new Builder(op);
  }

  /**
   * Returns the use that a node of a model with QuantizeLinear and DequantizeLinear is. Runs of a
   * dynamic value that are its rows are read as per token. A value whose element type or
   * granularity the graph does not tell is left unknown.
   *
   * @param graph the graph, best with the types of all values
   * @param node a node of it
   */
  public static OperatorUse of(QdqGraph graph, Node node) {
    Builder use = of(node.op());
    for (int i = 0; i < node.operands().size(); i++) {
      String name = node.operands().get(i);
      if (name.isEmpty()) {
        use.withoutOperand();
      } else {
        use.operands.add(value(graph, graph.operand(node, i), name));
      }
    }
    for (int i = 0; i < node.results().size(); i++) {
      use.results.add(value(graph, graph.result(node, i), node.results().get(i)));
    }
    return use.build();
  }

  private static Optional<Value> value(QdqGraph graph, Optional<QdqValue> quantized, String name) {
    return quantized.isPresent()
        ? quantized
            .get()
            .match(
                new QdqValue.Cases<>(
                    known -> constant(graph, known), found -> computed(graph, found)))
        : type(graph, name).map(TensorType::dataType).map(Value::plain);
  }

  private static Optional<Value> constant(QdqGraph graph, QuantizedValue value) {
    return granularity(graph, value.value(), value.layout())
        .map(granularity -> Value.quantized(value.type(), granularity));
  }

  private static Optional<Value> computed(QdqGraph graph, DynamicValue value) {
    return value
        .layout()
        .flatMap(layout -> granularity(graph, value.value(), layout))
        .map(granularity -> Value.dynamic(value.type(), rows(graph, value.value(), granularity)));
  }

  private static Optional<Granularity> granularity(QdqGraph graph, String name, QdqLayout layout) {
    return layout.match(
        new QdqLayout.Cases<>(
            whole -> Optional.of(new Granularity.PerTensor()),
            channel -> axis(graph, name, channel.axis()).map(Granularity.PerChannel::new),
            run ->
                axis(graph, name, run.axis()).map(at -> new Granularity.PerGroup(at, run.size()))));
  }

  private static Granularity rows(QdqGraph graph, String name, Granularity granularity) {
    Optional<Dimension> innermost =
        shape(graph, name)
            .filter(shape -> shape.rank() > 0)
            .map(shape -> shape.dimensions().get(shape.rank() - 1));
    boolean perRow =
        innermost.map(d -> d.known().equals(OptionalLong.of(runs(granularity)))).orElse(false);
    return perRow ? new Granularity.PerToken() : granularity;
  }

  private static long runs(Granularity granularity) {
    return granularity.match(
        new Granularity.Cases<>(
            whole -> -1L, channel -> -1L, PerGroup::size, block -> -1L, token -> -1L));
  }

  private static Optional<Integer> axis(QdqGraph graph, String name, long stated) {
    return stated >= 0
        ? Optional.of(Math.toIntExact(stated))
        : shape(graph, name).map(shape -> Math.toIntExact(shape.rank() + stated));
  }

  private static Optional<Shape> shape(QdqGraph graph, String name) {
    return type(graph, name).flatMap(TensorType::shape);
  }

  private static Optional<TensorType> type(QdqGraph graph, String name) {
    return graph
        .graph()
        .type(name)
        .flatMap(ValueType::tensor)
        .or(() -> graph.constant(name).map(Tensor::type));
  }

  /** Returns the operator. */
  public OpType op() {
    return op;
  }

  /** Returns the operands by index; empty where one is left out or not known. */
  public List<Optional<Value>> operands() {
    return operands;
  }

  /** Returns the results by index; empty where one is not known. */
  public List<Optional<Value>> results() {
    return results;
  }

  /** Tells whether the node leaves an operand out. */
  boolean leavesOut(int operand) {
    return operand >= operands.size() || leftOut.contains(operand);
  }

  /** Returns operator and values, for messages. */
  @Override
  public String toString() {
    return op + " of " + operands + " to " + results;
  }

  /** Collects operands and results in their order. Not thread-safe. */
  public static final class Builder {
    private final OpType op;
    private final List<Optional<Value>> operands = new ArrayList<>();
    private final Set<Integer> leftOut = new HashSet<>();
    private final List<Optional<Value>> results = new ArrayList<>();

    private Builder(OpType op) {
      this.op = Objects.requireNonNull(op, "op");
    }

    /** Adds the next operand. */
    public Builder operand(Value value) {
      operands.add(Optional.of(value));
      return this;
    }

    /** Leaves the next operand out. */
    public Builder withoutOperand() {
      leftOut.add(operands.size());
      operands.add(Optional.empty());
      return this;
    }

    /** Adds the next result. */
    public Builder result(Value value) {
      results.add(Optional.of(value));
      return this;
    }

    /** Returns the use. */
    public OperatorUse build() {
      return new OperatorUse(this);
    }
  }
}
