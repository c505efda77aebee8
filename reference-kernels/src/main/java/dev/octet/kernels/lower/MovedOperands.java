package dev.octet.kernels.lower;

import dev.octet.api.graph.Node;
import dev.octet.api.qdq.QuantizedValue;
import dev.octet.kernels.definition.MovedIntegers;
import java.util.ArrayList;
import java.util.List;

/** The operands of a node that moves integers. */
final class MovedOperands implements MovedIntegers {

  private final QuantizedValue x;
  private final boolean sameMeaning;
  private final Lowering lowering;
  private final List<String> operands;

  MovedOperands(Node node, QuantizedValue x, boolean sameMeaning, Lowering lowering) {
    this.x = x;
    this.sameMeaning = sameMeaning;
    this.lowering = lowering;
    this.operands = new ArrayList<>(node.operands());
    operands.set(0, x.value());
  }

  List<String> names() {
    return operands;
  }

  @Override
  public boolean keepTheirMeaning() {
    return sameMeaning;
  }

  @Override
  public void put(int operand, float value) {
    while (operands.size() <= operand) {
      operands.add("");
    }
    operands.set(operand, lowering.integer(x.type(), Activations.quantize(value, x)));
  }
}
