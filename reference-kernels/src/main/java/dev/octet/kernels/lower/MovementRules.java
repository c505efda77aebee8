package dev.octet.kernels.lower;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.qdq.QuantizedValue;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.definition.StaysFloatException;
import dev.octet.kernels.operators.Operators;
import java.util.ArrayList;
import java.util.List;

/**
 * Operators that move or choose elements, and so run on integers as they do on floats: quantizing
 * is monotone and keeps zero at the zero point.
 */
final class MovementRules {

  /** The first operator set whose Pad takes its value as an operand. */
  private static final long PAD_BY_OPERAND = 11;

  private MovementRules() {}

  /** Tells whether an operator moves elements. */
  static boolean contains(OpType op) {
    return Operators.find(op).filter(OperatorDefinition::movesIntegers).isPresent();
  }

  /**
   * Returns the operands on integers.
   *
   * @param sameMeaning whether all results have the scale and zero point of operand 0
   * @throws StaysFloatException if an operand has no integer form
   */
  static List<String> operands(
      Node node, QuantizedValue x, boolean sameMeaning, Lowering lowering) {
    List<String> operands = new ArrayList<>(node.operands());
    operands.set(0, x.value());
    if (node.op().is("MaxPool") && node.results().size() > 1 && !node.results().get(1).isEmpty()) {
      throw new StaysFloatException("its indices are read");
    }
    if (node.op().is("Pad") && node.stringAttribute("mode", "constant").equals("constant")) {
      padValue(node, x, sameMeaning, operands, lowering);
    }
    return operands;
  }

  /** Puts the integer of the pad value where the float stands. */
  private static void padValue(
      Node node, QuantizedValue x, boolean sameMeaning, List<String> operands, Lowering lowering) {
    if (lowering.opset() < PAD_BY_OPERAND) {
      throw new StaysFloatException("its pad value is an attribute");
    }
    float value = lowering.scalar(node, 2).orElse(0f);
    if (value != 0f && !sameMeaning) {
      throw new StaysFloatException("its pad value " + value + " would be rounded twice");
    }
    DataType type = x.type();
    while (operands.size() < 3) {
      operands.add("");
    }
    operands.set(2, lowering.integer(type, Activations.quantize(value, x)));
  }
}
