package dev.octet.workflow.plan;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import java.util.LinkedHashSet;
import java.util.Set;

/** The values that a node depends on. */
public final class NodeReads {

  private NodeReads() {}

  /**
   * Returns the names of the operands of a node, and of all that its subgraphs read and give; those
   * that a subgraph defines itself are among them.
   */
  public static Set<String> of(Node node) {
    Set<String> names = new LinkedHashSet<>(node.operands());
    for (Graph within : node.subgraphs()) {
      for (Node inner : within.nodes()) {
        names.addAll(of(inner));
      }
      within.outputs().forEach(output -> names.add(output.name()));
    }
    names.remove("");
    return names;
  }
}
