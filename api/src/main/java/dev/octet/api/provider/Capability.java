package dev.octet.api.provider;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.text.Brief;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Something a backend quantizes and runs: operators with types, granularity and mode, or the ends
 * of the model, and the conditions under which it holds, so that a refusal is known beforehand.
 * Immutable; made by {@link #of}. Two are equal when everything that they say is equal.
 */
public final class Capability {

  /**
   * A condition on one of the operators.
   *
   * @param step which of the operators of {@link #pattern}, from 0
   * @param condition what must hold for its node
   */
  public record StepCondition(int step, NodeCondition condition) {
    /** Checks that the number is not negative. */
    public StepCondition {
      Objects.requireNonNull(condition, "condition");
      if (step < 0) {
        throw new IllegalArgumentException("step " + step + " is negative");
      }
    }
  }

  /**
   * How a bias is quantized: what is added to the sums of products and has their scale.
   *
   * @param type its integer type
   * @param derivation how its scale follows from those of the input and the weight
   */
  public record Bias(QuantizedType type, Derivation derivation) {
    /** Checks that no component is null. */
    public Bias {
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(derivation, "derivation");
    }
  }

  /**
   * A value between two of the operators: one reads the first result of the other.
   *
   * @param reader the operator that reads it, by its place in {@link #pattern}
   * @param operand the operand by which it does; empty when any will do
   * @param producer the operator that makes it
   * @param alone whether nobody else reads it, inside the match or outside, and it is no output
   */
  public record Edge(int reader, OptionalInt operand, int producer, boolean alone) {
    /** Checks that the numbers are not negative, and that the two are different. */
    public Edge {
      Objects.requireNonNull(operand, "operand");
      if (reader < 0 || producer < 0 || reader == producer || operand.orElse(0) < 0) {
        throw new IllegalArgumentException(
            "no edge leads from step " + producer + " to operand " + operand + " of " + reader);
      }
    }
  }

  /**
   * A small model with a match of the capability.
   *
   * @param model the model: inputs of FLOAT and of known sizes
   * @param nodes the names of its nodes in the places of the {@link #pattern}
   */
  public record Example(Model model, List<String> nodes) {
    /** Copies the list and checks that the model has the nodes. */
    public Example {
      nodes = List.copyOf(nodes);
      for (String node : nodes) {
        if (model.graph().node(node).isEmpty()) {
          throw new IllegalArgumentException("the example has no node '" + node + "'");
        }
      }
    }

    /** Returns the operators of the nodes. */
    public List<OpType> pattern() {
      return nodes.stream()
          .map(name -> model.graph().node(name).map(Node::op).orElseThrow())
          .toList();
    }
  }

  private record Fields(
      Optional<Point.Side> boundary,
      List<OpType> pattern,
      List<Edge> edges,
      Optional<QuantizedType> activation,
      Optional<QuantizationSpec.Observed> activationSpec,
      Optional<QuantizedType> weight,
      Optional<Granularity> weightGranularity,
      Optional<QuantizationSpec.Observed> weightSpec,
      Optional<QuantizationSpec.Observed> constant,
      Optional<Bias> bias,
      Optional<QuantizationSpec.Concrete> result,
      Mode mode,
      List<StepCondition> conditions) {}

  private final Fields fields;
  private final List<Example> examples;

  private Capability(Fields fields, List<Example> examples) {
    this.fields = fields;
    this.examples = examples;
  }

  /**
   * Starts a capability: static, of float activations and without a weight, under no condition.
   *
   * @param pattern the operators, as a pattern lists its steps; at least one
   */
  public static Builder of(List<OpType> pattern) {
    if (pattern.isEmpty()) {
      throw new IllegalArgumentException("a capability needs an operator");
    }
    return new Builder(Optional.empty(), pattern);
  }

  /**
   * Starts what a backend makes of the FLOAT inputs or outputs of a model: integers of the type
   * that {@link Builder#activation} sets.
   *
   * @param side {@link Point.Side#INPUT} or {@link Point.Side#OUTPUT}
   * @throws IllegalArgumentException for operands and results
   */
  public static Builder ofBoundary(Point.Side side) {
    if (side != Point.Side.INPUT && side != Point.Side.OUTPUT) {
      throw new IllegalArgumentException("a model has inputs and outputs, and no " + side);
    }
    return new Builder(Optional.of(side), List.of());
  }

  /**
   * Returns which end of the model it speaks of, in the place of operators; empty for operators.
   */
  public Optional<Point.Side> boundary() {
    return fields.boundary();
  }

  /**
   * Returns the operators, as a pattern lists its steps; none when it is of the {@link #boundary}.
   */
  public List<OpType> pattern() {
    return fields.pattern();
  }

  /**
   * Returns the values between the operators; unless a builder is told otherwise, each operator
   * alone reads the one before it.
   */
  public List<Edge> edges() {
    return fields.edges();
  }

  /**
   * Returns models in which the backend claims a match of the capability. They say nothing of what
   * the capability is: two that differ in them alone are equal.
   */
  public List<Example> examples() {
    return examples;
  }

  /** Returns the type of quantized activations; empty when activations stay float. */
  public Optional<QuantizedType> activation() {
    return fields.activation();
  }

  /**
   * Returns how what flows in is marked, each field of it; empty when only the type is said, as
   * where parameters are those of another operator.
   */
  public Optional<QuantizationSpec.Observed> activationSpec() {
    return fields.activationSpec();
  }

  /** Returns the type of quantized constants; empty when the pattern has none. */
  public Optional<QuantizedType> weight() {
    return fields.weight();
  }

  /** Returns which elements of a constant share a scale; empty when the pattern has none. */
  public Optional<Granularity> weightGranularity() {
    return fields.weightGranularity();
  }

  /**
   * Returns how the constant is marked, each field of it; empty when only type and granularity are
   * said.
   */
  public Optional<QuantizationSpec.Observed> weightSpec() {
    return fields.weightSpec();
  }

  /**
   * Returns how a constant is marked at an operand of the first operator that need not be one, as a
   * summand of Add; empty when nothing is said of it.
   */
  public Optional<QuantizationSpec.Observed> constant() {
    return fields.constant();
  }

  /** Returns how a bias is marked where there is one; empty when nothing is said of it. */
  public Optional<Bias> bias() {
    return fields.bias();
  }

  /**
   * Returns how the result is marked, each field of it: observed, or fixed as that of Softmax;
   * empty when nothing is said of it but the type of activations, as where it shares the parameters
   * of what flows in.
   */
  public Optional<QuantizationSpec.Concrete> result() {
    return fields.result();
  }

  /** Returns when parameters are found. */
  public Mode mode() {
    return fields.mode();
  }

  /** Returns the conditions, all of which must hold. */
  public List<StepCondition> conditions() {
    return fields.conditions();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Capability that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /** Returns what it is of, its types and its mode, in one line; the other methods say the rest. */
  @Override
  public String toString() {
    String of = fields.boundary().map(Object::toString).orElse(Brief.list(fields.pattern()));
    String activation = fields.activation().map(type -> ", activations " + type).orElse("");
    String weight = fields.weight().map(type -> ", weights " + type).orElse("");
    return of + activation + weight + ", " + fields.mode();
  }

  /** Collects what a capability says. Not thread-safe; may be used on after {@link #build}. */
  public static final class Builder {
    private final Optional<Point.Side> boundary;
    private final List<OpType> pattern;
    private final List<StepCondition> conditions = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();
    private final List<Example> examples = new ArrayList<>();
    private Optional<QuantizedType> activation = Optional.empty();
    private Optional<QuantizationSpec.Observed> activationSpec = Optional.empty();
    private Optional<QuantizedType> weight = Optional.empty();
    private Optional<Granularity> weightGranularity = Optional.empty();
    private Optional<QuantizationSpec.Observed> weightSpec = Optional.empty();
    private Optional<QuantizationSpec.Observed> constant = Optional.empty();
    private Optional<Bias> bias = Optional.empty();
    private Optional<QuantizationSpec.Concrete> result = Optional.empty();
    private Mode mode = Mode.STATIC;

    private Builder(Optional<Point.Side> boundary, List<OpType> pattern) {
      this.boundary = boundary;
      this.pattern = List.copyOf(pattern);
    }

    /** Sets the type of quantized activations, and says nothing else of how they are marked. */
    public Builder activation(QuantizedType type) {
      activation = Optional.of(type);
      activationSpec = Optional.empty();
      return this;
    }

    /** Sets how what flows in is marked: type, scheme, granularity, observer and mode. */
    public Builder activation(QuantizationSpec.Observed spec) {
      activation = Optional.of(spec.type());
      activationSpec = Optional.of(spec);
      return this;
    }

    /**
     * Sets the type of quantized constants, and which of their elements share a scale, and says
     * nothing else of how they are marked.
     */
    public Builder weight(QuantizedType type, Granularity granularity) {
      weight = Optional.of(type);
      weightGranularity = Optional.of(granularity);
      weightSpec = Optional.empty();
      return this;
    }

    /** Sets how the constant is marked: type, scheme, granularity, observer and mode. */
    public Builder weight(QuantizationSpec.Observed spec) {
      weight = Optional.of(spec.type());
      weightGranularity = Optional.of(spec.granularity());
      weightSpec = Optional.of(spec);
      return this;
    }

    /** Sets how a constant is marked at an operand that need not be one. */
    public Builder constant(QuantizationSpec.Observed spec) {
      constant = Optional.of(spec);
      return this;
    }

    /** Sets how a bias is marked, which rests on the input and the weight. */
    public Builder bias(QuantizedType type, Derivation derivation) {
      bias = Optional.of(new Bias(type, derivation));
      return this;
    }

    /** Sets how the result is marked. */
    public Builder result(QuantizationSpec.Concrete spec) {
      result = Optional.of(spec);
      return this;
    }

    /** Sets when parameters are found. */
    public Builder mode(Mode when) {
      mode = Objects.requireNonNull(when, "when");
      return this;
    }

    /**
     * Adds a condition on one of the operators.
     *
     * @throws IllegalArgumentException if the pattern has no such step
     */
    public Builder where(int step, NodeCondition condition) {
      if (step >= pattern.size()) {
        throw new IllegalArgumentException("the pattern has no step " + step);
      }
      conditions.add(new StepCondition(step, condition));
      return this;
    }

    /**
     * Says which operators read which, in the place of a chain: each value between two of them.
     *
     * @throws IllegalArgumentException if the pattern has no such operators
     */
    public Builder edges(List<Edge> all) {
      for (Edge edge : all) {
        if (Math.max(edge.reader(), edge.producer()) >= pattern.size()) {
          throw new IllegalArgumentException("the pattern has no steps for " + edge);
        }
      }
      edges.clear();
      edges.addAll(all);
      return this;
    }

    /**
     * Adds a model in which the backend claims a match: for conditions that only the vendor knows
     * how to meet, and patterns of operators that only the vendor knows.
     *
     * @param model the model: inputs of FLOAT and of known sizes
     * @param nodes the names of its nodes in the places of the pattern
     * @throws IllegalArgumentException if the model does not have these nodes, or they are of other
     *     operators
     */
    public Builder example(Model model, String... nodes) {
      Example example = new Example(model, Arrays.asList(nodes));
      if (!example.pattern().equals(pattern)) {
        throw new IllegalArgumentException(
            "the example has " + example.pattern() + " in the places of " + pattern);
      }
      examples.add(example);
      return this;
    }

    private List<Edge> chain() {
      List<Edge> chain = new ArrayList<>();
      for (int step = 1; step < pattern.size(); step++) {
        chain.add(new Edge(step, OptionalInt.empty(), step - 1, true));
      }
      return chain;
    }

    /**
     * Returns the capability.
     *
     * @throws IllegalArgumentException if its edges lead from an operator back to itself
     */
    public Capability build() {
      List<Edge> known = edges.isEmpty() ? chain() : List.copyOf(edges);
      requireNoCycle(known);
      return new Capability(
          new Fields(
              boundary,
              pattern,
              known,
              activation,
              activationSpec,
              weight,
              weightGranularity,
              weightSpec,
              constant,
              bias,
              result,
              mode,
              List.copyOf(conditions)),
          List.copyOf(examples));
    }

    /** Takes away operators that read none of those left, until none are. */
    private void requireNoCycle(List<Edge> all) {
      List<Edge> left = new ArrayList<>(all);
      while (!left.isEmpty()) {
        List<Integer> readers = left.stream().map(Edge::reader).toList();
        if (!left.removeIf(edge -> !readers.contains(edge.producer()))) {
          throw new IllegalArgumentException("the steps of " + pattern + " read in a circle");
        }
      }
    }
  }
}
