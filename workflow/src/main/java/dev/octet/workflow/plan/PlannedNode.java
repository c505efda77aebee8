package dev.octet.workflow.plan;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The decision on one node in a plan.
 *
 * @param name the node's name
 * @param op its operator, with the domain and a dot before it when that is not the default
 * @param quantized whether a rule owns it and quantizes anything of its match
 * @param rule the rule; empty when it stays float
 * @param quantizer the quantizer of a composition whose rule it is; empty when the backend is one
 *     quantizer, or it stays float
 * @param reason why it stays float; empty when it is quantized
 * @param decidedBy who decided: a selector of the policy, such as {@code module 'layer1.*'
 *     (recipe.yaml, line 4)}, where a policy says something of the node; else {@code rule <name>},
 *     {@code backend}, {@code normalisation}, or {@code plan} after an edit
 * @param folded what became of a node of the user's model whose work is done elsewhere now; empty
 *     for nodes that are still there
 * @param operands the quantized operands by rising index
 * @param results the quantized results by rising index
 */
public record PlannedNode(
    String name,
    String op,
    boolean quantized,
    Optional<String> rule,
    Optional<String> quantizer,
    Optional<String> reason,
    String decidedBy,
    Optional<String> folded,
    List<PlannedPoint> operands,
    List<PlannedPoint> results) {

  /** Copies the lists. */
  public PlannedNode {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(op, "op");
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(quantizer, "quantizer");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(decidedBy, "decidedBy");
    Objects.requireNonNull(folded, "folded");
    operands = List.copyOf(operands);
    results = List.copyOf(results);
  }

  /**
   * Tells whether a node of the user's model has nothing left to compute when the model runs: it
   * was computed beforehand, or is gone and no other node does its work.
   */
  public boolean isGone() {
    return !quantized && folded.isPresent() && folded.equals(reason);
  }

  /** Returns why a node stays float though a rule owns it: the rule keeps each of its points so. */
  Optional<String> onlyKeptFloat() {
    for (List<PlannedPoint> points : List.of(operands, results)) {
      for (PlannedPoint point : points) {
        if (point.spec().floatReason().isEmpty()) {
          return Optional.empty();
        }
      }
    }
    List<PlannedPoint> first = operands.isEmpty() ? results : operands;
    return first.isEmpty() ? Optional.empty() : first.get(0).spec().floatReason();
  }

  /** Returns this node in float, without points. */
  PlannedNode inFloat(String why, String decider) {
    return new PlannedNode(
        name,
        op,
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.of(why),
        decider,
        folded,
        List.of(),
        List.of());
  }

  /** Returns this node without points, owned and decided as another one is. */
  PlannedNode ownedLike(PlannedNode other) {
    return new PlannedNode(
        name,
        op,
        true,
        other.rule,
        other.quantizer,
        Optional.empty(),
        other.decidedBy,
        folded,
        List.of(),
        List.of());
  }

  /** Returns the decision and who made it, in one line. */
  @Override
  public String toString() {
    return op + " '" + name + "', " + (quantized ? "quantized" : "float") + ", by " + decidedBy;
  }
}
