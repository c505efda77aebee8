package dev.octet.api.quantizer;

import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.text.Words;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The decision on one node. It is quantized by the rule that owns it, or it stays float for a
 * reason: nobody owns it, or its owner claims it without quantizing anything. Immutable.
 */
public final class NodeAnnotation {

  private final String node;
  private final @Nullable String rule;
  private final List<String> match;
  private final @Nullable String reason;
  private final @Nullable String decidedBy;
  private final @Nullable String quantizer;
  private final SortedMap<Integer, QuantizationSpec> operands;
  private final SortedMap<Integer, QuantizationSpec> results;

  private NodeAnnotation(Builder builder) {
    this.node = builder.node;
    this.rule = builder.rule;
    this.match = List.copyOf(builder.match);
    this.reason = builder.reason;
    this.decidedBy = builder.decidedBy;
    this.quantizer = builder.quantizer;
    this.operands = builder.operands.build();
    this.results = builder.results.build();
  }

  /**
   * Starts the decision on a node that a rule owns, alone and quantized unless more is said.
   *
   * @param node the node's name
   * @param rule the rule's name
   */
  public static Builder claimed(String node, String rule) {
    return new Builder(node, Objects.requireNonNull(rule, "rule")).match(List.of(node));
  }

  /**
   * Starts the decision on a node that nobody owns.
   *
   * @param node the node's name
   * @param reason why, in plain words
   */
  public static Builder inFloat(String node, String reason) {
    return new Builder(node, null).inFloat(reason);
  }

  /** Returns the node's name. */
  public String node() {
    return node;
  }

  /** Returns the rule that owns the node; empty when none does. */
  public Optional<String> rule() {
    return Optional.ofNullable(rule);
  }

  /**
   * Returns the names of the nodes that the rule claimed together with this one, this one among
   * them, in the order of the pattern; empty when no rule owns it.
   */
  public List<String> match() {
    return match;
  }

  /** Returns why the node stays float; empty when it is quantized. */
  public Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  /** Returns which selector of a policy decided; empty when no policy says anything of the node. */
  public Optional<String> decidedBy() {
    return Optional.ofNullable(decidedBy);
  }

  /**
   * Returns which quantizer of a composition owns the node; empty when none does, or the backend is
   * one quantizer.
   */
  public Optional<String> quantizer() {
    return Optional.ofNullable(quantizer);
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

  /** Tells whether the node is quantized: a rule owns it, and it does not stay float. */
  public boolean isQuantized() {
    return reason == null;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NodeAnnotation that
        && node.equals(that.node)
        && Objects.equals(rule, that.rule)
        && match.equals(that.match)
        && Objects.equals(reason, that.reason)
        && Objects.equals(decidedBy, that.decidedBy)
        && Objects.equals(quantizer, that.quantizer)
        && operands.equals(that.operands)
        && results.equals(that.results);
  }

  @Override
  public int hashCode() {
    return Objects.hash(node, rule, match, reason, decidedBy, quantizer, operands, results);
  }

  @Override
  public String toString() {
    return "'"
        + node
        + "': "
        + (rule == null ? "" : "rule '" + rule + "' on " + match + ", ")
        + (reason == null ? operands + " -> " + results : "float, " + reason)
        + (decidedBy == null ? "" : ", decided by " + decidedBy)
        + (quantizer == null ? "" : ", of " + quantizer);
  }

  /** Collects what is known of one node. Not thread-safe. */
  public static final class Builder {
    private final String node;
    private final @Nullable String rule;
    private List<String> match = List.of();
    private @Nullable String reason;
    private @Nullable String decidedBy;
    private @Nullable String quantizer;
    private SpecsByIndex.Builder operands = new SpecsByIndex.Builder();
    private SpecsByIndex.Builder results = new SpecsByIndex.Builder();

    private Builder(String node, @Nullable String rule) {
      this.node = Objects.requireNonNull(node, "node");
      this.rule = rule;
    }

    /** Sets the names of the nodes that the rule claims together, this one among them. */
    public Builder match(List<String> nodes) {
      match = nodes;
      return this;
    }

    /** Sets why the node stays float. */
    public Builder inFloat(String why) {
      reason = Words.require(why, "the reason why a node stays float");
      return this;
    }

    /** Sets which selector of a policy decided. */
    public Builder decidedBy(String who) {
      decidedBy = Words.require(who, "who decided on a node");
      return this;
    }

    /** Sets which quantizer of a composition owns the node. */
    public Builder quantizer(String name) {
      quantizer = Objects.requireNonNull(name, "name");
      return this;
    }

    /** Takes over all specs. */
    Builder marks(SpecsByIndex.Builder ofOperands, SpecsByIndex.Builder ofResults) {
      operands = ofOperands;
      results = ofResults;
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
