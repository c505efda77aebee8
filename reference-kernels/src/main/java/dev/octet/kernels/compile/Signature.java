package dev.octet.kernels.compile;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a node without shapes.
 *
 * @param node the node
 * @param opset the version of the operator set that the node's domain has in the model
 * @param operandTypes element types by operand index; empty where unknown or left out
 */
public record Signature(Node node, long opset, List<Optional<DataType>> operandTypes) {

  /** Copies the list. */
  public Signature {
    operandTypes = List.copyOf(operandTypes);
  }

  /** Returns the element type of an operand; empty where unknown or left out. */
  public Optional<DataType> operandType(int index) {
    return index < operandTypes.size() ? operandTypes.get(index) : Optional.empty();
  }
}
