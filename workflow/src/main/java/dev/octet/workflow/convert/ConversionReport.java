package dev.octet.workflow.convert;

import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.FindingId;
import dev.octet.workflow.plan.PlannedNode;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of a model.
 *
 * @param nodes number of nodes of the user's model
 * @param quantizedNodes how many of them compute on quantized values, or were folded into one that
 *     does
 * @param floatNodes the others, in the order of the model
 * @param parameters scale, zero point and observed range of each group, by number
 * @param findings what a user must know
 */
public record ConversionReport(
    int nodes,
    int quantizedNodes,
    List<FloatNode> floatNodes,
    SortedMap<Integer, GroupParameters> parameters,
    List<Finding> findings) {

  /** Copies the collections. */
  public ConversionReport {
    floatNodes = List.copyOf(floatNodes);
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    findings = List.copyOf(findings);
  }

  /**
   * A node that does not compute on quantized values.
   *
   * @param name the node's name
   * @param op its operator
   * @param reason why
   * @param gone whether it computes nothing when the model runs, as a constant
   */
  public record FloatNode(String name, String op, String reason, boolean gone) {

    /** Returns those of a plan's nodes that are not quantized, in their order. */
    public static List<FloatNode> of(List<PlannedNode> nodes) {
      return nodes.stream()
          .filter(node -> !node.quantized())
          .map(
              node ->
                  new FloatNode(node.name(), node.op(), node.reason().orElse(""), node.isGone()))
          .toList();
    }
  }

  /** Returns this report without the findings of one id; itself when it has none. */
  ConversionReport without(FindingId id) {
    List<Finding> others =
        findings.stream().filter(finding -> !finding.id().equals(id.text())).toList();
    return others.size() == findings.size()
        ? this
        : new ConversionReport(nodes, quantizedNodes, floatNodes, parameters, others);
  }

  /** Returns how many nodes compute something when the model runs. */
  public int computingNodes() {
    return nodes - (int) floatNodes.stream().filter(FloatNode::gone).count();
  }

  /** Returns how much was quantized, in one line. */
  @Override
  public String toString() {
    return "%s of %s nodes quantized, %s groups, %s findings"
        .formatted(quantizedNodes, computingNodes(), parameters.size(), findings.size());
  }
}
