package dev.octet.api.provider;

import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizedType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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

  private record Fields(
      Optional<Point.Side> boundary,
      List<OpType> pattern,
      Optional<QuantizedType> activation,
      Optional<QuantizedType> weight,
      Optional<Granularity> weightGranularity,
      Mode mode,
      List<StepCondition> conditions) {}

  private final Fields fields;

  private Capability(Fields fields) {
    this.fields = fields;
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

  /** Returns the type of quantized activations; empty when activations stay float. */
  public Optional<QuantizedType> activation() {
    return fields.activation();
  }

  /** Returns the type of quantized constants; empty when the pattern has none. */
  public Optional<QuantizedType> weight() {
    return fields.weight();
  }

  /** Returns which elements of a constant share a scale; empty when the pattern has none. */
  public Optional<Granularity> weightGranularity() {
    return fields.weightGranularity();
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

  /** Returns everything that the capability says, for messages. */
  @Override
  public String toString() {
    return fields.toString();
  }

  /** Collects what a capability says. Not thread-safe; may be used on after {@link #build}. */
  public static final class Builder {
    private final Optional<Point.Side> boundary;
    private final List<OpType> pattern;
    private final List<StepCondition> conditions = new ArrayList<>();
    private Optional<QuantizedType> activation = Optional.empty();
    private Optional<QuantizedType> weight = Optional.empty();
    private Optional<Granularity> weightGranularity = Optional.empty();
    private Mode mode = Mode.STATIC;

    private Builder(Optional<Point.Side> boundary, List<OpType> pattern) {
      this.boundary = boundary;
      this.pattern = List.copyOf(pattern);
    }

    /** Sets the type of quantized activations. */
    public Builder activation(QuantizedType type) {
      activation = Optional.of(type);
      return this;
    }

    /** Sets the type of quantized constants, and which of their elements share a scale. */
    public Builder weight(QuantizedType type, Granularity granularity) {
      weight = Optional.of(type);
      weightGranularity = Optional.of(granularity);
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

    /** Returns the capability. */
    public Capability build() {
      return new Capability(
          new Fields(
              boundary,
              pattern,
              activation,
              weight,
              weightGranularity,
              mode,
              List.copyOf(conditions)));
    }
  }
}
