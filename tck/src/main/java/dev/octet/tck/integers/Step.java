package dev.octet.tck.integers;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.OpType;
import java.util.List;

/**
 * A node between conversions: it reads dequantized integers, and its first result is quantized.
 *
 * @param node the node's name
 * @param op its operator
 * @param attributes its attributes
 * @param operands what stands at its operands
 * @param result the name of the integers of its result
 * @param meaning what those mean
 */
public record Step(
    String node,
    OpType op,
    List<Attribute> attributes,
    List<Operand> operands,
    String result,
    Meaning meaning) {

  /** Copies the lists. */
  public Step {
    attributes = List.copyOf(attributes);
    operands = List.copyOf(operands);
  }
}
