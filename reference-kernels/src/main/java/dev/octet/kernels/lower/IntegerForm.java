package dev.octet.kernels.lower;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import java.util.ArrayList;
import java.util.List;

/**
 * The integer node that does the work of a float node, without name and result.
 *
 * @param op its operator
 * @param operands its operands
 * @param attributes its attributes
 */
record IntegerForm(OpType op, List<String> operands, List<Attribute> attributes) {

  IntegerForm {
    operands = List.copyOf(operands);
    attributes = List.copyOf(attributes);
  }

  /** Returns this form with more attributes. */
  IntegerForm with(List<Attribute> more) {
    List<Attribute> all = new ArrayList<>(attributes);
    all.addAll(more);
    return new IntegerForm(op, operands, all);
  }

  /** Returns the node. */
  Node node(String name, String result) {
    return Node.of(name, op, operands, List.of(result), attributes.toArray(Attribute[]::new));
  }
}
