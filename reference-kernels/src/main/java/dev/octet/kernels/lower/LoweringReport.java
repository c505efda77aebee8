package dev.octet.kernels.lower;

import dev.octet.api.graph.OpType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of each node of the main graph. Immutable.
 *
 * @param entries the nodes in the order of the graph, without QuantizeLinear and DequantizeLinear
 *     nodes, except those that became a Requantize
 */
public record LoweringReport(List<Entry> entries) {

  /** Copies the list. */
  public LoweringReport {
    entries = List.copyOf(entries);
  }

  /**
   * What became of one node.
   *
   * @param node the node's name
   * @param op its operator before
   * @param integerOp the operator that does its work on integers; empty when it stayed in float
   * @param reason for a float node why, for an integer node how, as the second half of a sentence
   */
  public record Entry(String node, OpType op, Optional<OpType> integerOp, String reason) {
    /** Checks that no component is null. */
    public Entry {
      Objects.requireNonNull(node, "node");
      Objects.requireNonNull(op, "op");
      Objects.requireNonNull(integerOp, "integerOp");
      Objects.requireNonNull(reason, "reason");
    }

    /** Tells whether the node's work is done on integers. */
    public boolean isInteger() {
      return integerOp.isPresent();
    }
  }

  /** Returns the number of nodes whose work is done on integers. */
  public long integerCount() {
    return entries.stream().filter(Entry::isInteger).count();
  }

  /** Returns the nodes that stayed in float. */
  public List<Entry> floatEntries() {
    return entries.stream().filter(e -> !e.isInteger()).toList();
  }
}
