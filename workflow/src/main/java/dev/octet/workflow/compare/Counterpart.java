package dev.octet.workflow.compare;

import dev.octet.api.graph.Node;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a value of the float model stands in the quantized one.
 *
 * @param tensor its name in the float model
 * @param node the node there that gives it; empty for an input
 * @param computed the name of what the quantized model computes in its place, floats or integers
 * @param integers whether that are integers
 * @param read what is read of it
 */
record Counterpart(
    String tensor, Optional<Node> node, String computed, boolean integers, ReadValue read) {

  /** Checks that no component is null. */
  Counterpart {
    Objects.requireNonNull(tensor, "tensor");
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(computed, "computed");
    Objects.requireNonNull(read, "read");
  }

  /** Tells whether a caller gives it. */
  boolean isInput() {
    return node.isEmpty();
  }
}
