package dev.octet.workflow.convert;

import dev.octet.api.quantizer.Finding;
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
   * A node that stays float.
   *
   * @param name the node's name
   * @param op its operator
   * @param reason why
   */
  public record FloatNode(String name, String op, String reason) {}

  /** Returns how much was quantized, in one line. */
  @Override
  public String toString() {
    return "%s of %s nodes quantized, %s groups, %s findings"
        .formatted(quantizedNodes, nodes, parameters.size(), findings.size());
  }
}
