package dev.octet.api.quantizer;

import dev.octet.api.spec.QuantizationSpec;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The decision on one node.
 *
 * @param node the node's name
 * @param rule the rule that owns the node; empty when it stays float
 * @param reason why it stays float; empty when a rule owns it
 * @param decidedBy which selector of a policy decided; empty when no policy says anything of it
 * @param operands the specs by operand index; no entry means not quantized
 * @param results the specs by result index; no entry means not quantized
 */
public record NodeAnnotation(
    String node,
    Optional<String> rule,
    Optional<String> reason,
    Optional<String> decidedBy,
    SortedMap<Integer, QuantizationSpec> operands,
    SortedMap<Integer, QuantizationSpec> results) {

  /** Copies the maps; exactly one of rule and reason is present. */
  public NodeAnnotation {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(decidedBy, "decidedBy");
    operands = Collections.unmodifiableSortedMap(new TreeMap<>(operands));
    results = Collections.unmodifiableSortedMap(new TreeMap<>(results));
    if (rule.isPresent() == reason.isPresent()) {
      throw new IllegalArgumentException("node '" + node + "' needs either a rule or a reason");
    }
  }

  /** Makes the decision on a node of which no policy says anything. */
  public NodeAnnotation(
      String node,
      Optional<String> rule,
      Optional<String> reason,
      SortedMap<Integer, QuantizationSpec> operands,
      SortedMap<Integer, QuantizationSpec> results) {
    this(node, rule, reason, Optional.empty(), operands, results);
  }

  /** Tells whether a rule owns the node. */
  public boolean isQuantized() {
    return rule.isPresent();
  }
}
