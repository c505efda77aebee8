package dev.octet.api.quantizer;

import dev.octet.api.spec.QuantizationSpec;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The decision on one node: a rule owns it, or it stays float for a reason. Immutable. */
public final class NodeAnnotation {

  private final String node;
  private final @Nullable String rule;
  private final @Nullable String reason;
  private final @Nullable String decidedBy;
  private final SortedMap<Integer, QuantizationSpec> operands;
  private final SortedMap<Integer, QuantizationSpec> results;

  private NodeAnnotation(Builder builder) {
    this.node = builder.node;
    this.rule = builder.rule;
    this.reason = builder.reason;
    this.decidedBy = builder.decidedBy;
    this.operands = Collections.unmodifiableSortedMap(new TreeMap<>(builder.operands));
    this.results = Collections.unmodifiableSortedMap(new TreeMap<>(builder.results));
  }

  /**
   * Starts the decision on a node that a rule owns.
   *
   * @param node the node's name
   * @param rule the rule's name
   */
  public static Builder claimed(String node, String rule) {
    return new Builder(node, Objects.requireNonNull(rule, "rule"), null);
  }

  /**
   * Starts the decision on a node that stays float.
   *
   * @param node the node's name
   * @param reason why, in plain words
   */
  public static Builder inFloat(String node, String reason) {
    return new Builder(node, null, Objects.requireNonNull(reason, "reason"));
  }

  /** Returns the node's name. */
  public String node() {
    return node;
  }

  /** Returns the rule that owns the node; empty when none does. */
  public Optional<String> rule() {
    return Optional.ofNullable(rule);
  }

  /** Returns why the node stays float; empty when a rule owns it. */
  public Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  /** Returns which selector of a policy decided; empty when no policy says anything of the node. */
  public Optional<String> decidedBy() {
    return Optional.ofNullable(decidedBy);
  }

  /** Returns the specs by operand index; no entry means not quantized. */
  public SortedMap<Integer, QuantizationSpec> operands() {
    return operands;
  }

  /** Returns the specs by result index; no entry means not quantized. */
  public SortedMap<Integer, QuantizationSpec> results() {
    return results;
  }

  /** Tells whether a rule owns the node. */
  public boolean isClaimed() {
    return rule != null;
  }

  /** Tells whether any point of the node is quantized: marked, and not to be kept in float. */
  public boolean isQuantized() {
    return Stream.concat(operands.values().stream(), results.values().stream())
        .anyMatch(spec -> spec.floatReason().isEmpty());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NodeAnnotation that
        && node.equals(that.node)
        && Objects.equals(rule, that.rule)
        && Objects.equals(reason, that.reason)
        && Objects.equals(decidedBy, that.decidedBy)
        && operands.equals(that.operands)
        && results.equals(that.results);
  }

  @Override
  public int hashCode() {
    return Objects.hash(node, rule, reason, decidedBy, operands, results);
  }

  @Override
  public String toString() {
    String who = decidedBy == null ? "" : ", decided by " + decidedBy;
    return rule == null
        ? "'" + node + "': float, " + reason + who
        : "'" + node + "': rule '" + rule + "'" + who + ", " + operands + " -> " + results;
  }

  /** Collects what is known of one node. Not thread-safe. */
  public static final class Builder {
    private final String node;
    private final @Nullable String rule;
    private final @Nullable String reason;
    private @Nullable String decidedBy;
    private final SortedMap<Integer, QuantizationSpec> operands = new TreeMap<>();
    private final SortedMap<Integer, QuantizationSpec> results = new TreeMap<>();

    private Builder(String node, @Nullable String rule, @Nullable String reason) {
      this.node = Objects.requireNonNull(node, "node");
      this.rule = rule;
      this.reason = reason;
    }

    /** Sets which selector of a policy decided. */
    public Builder decidedBy(String who) {
      decidedBy = Objects.requireNonNull(who, "who");
      return this;
    }

    /** Adds the spec of an operand; a later one for the same index replaces it. */
    public Builder operand(int index, QuantizationSpec spec) {
      operands.put(index, Objects.requireNonNull(spec, "spec"));
      return this;
    }

    /** Adds the spec of a result; a later one for the same index replaces it. */
    public Builder result(int index, QuantizationSpec spec) {
      results.put(index, Objects.requireNonNull(spec, "spec"));
      return this;
    }

    /** Returns the decision. */
    public NodeAnnotation build() {
      return new NodeAnnotation(this);
    }
  }
}
