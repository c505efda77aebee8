package dev.octet.workflow.normalise;

import dev.octet.api.graph.OpType;
import java.util.List;
import java.util.Objects;

/**
 * A node of the user's model whose work is done elsewhere now.
 *
 * @param name the node's name in the user's model
 * @param op its operator
 * @param into the nodes that do its work; empty when it became a constant
 * @param became what became of it, in words that a report shows, such as {@code folded into
 *     'conv1'}
 */
public record FoldedNode(String name, OpType op, List<String> into, String became) {

  /** Copies the list. */
  public FoldedNode {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(op, "op");
    into = List.copyOf(into);
    Objects.requireNonNull(became, "became");
  }
}
