package dev.octet.annotation.rules;

import dev.octet.api.graph.OpType;
import dev.octet.api.pattern.PlacedNode;
import java.util.List;
import java.util.Set;

/** What operands are called in reasons: the role where an operator has one, else the index. */
final class OperandNames {

  private static final Set<String> LAYERS = Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");
  private static final List<String> ROLES = List.of("input", "weight", "bias");

  private OperandNames() {}

  static String of(PlacedNode node, int operand) {
    return of(node.view().node().op(), operand);
  }

  static String of(OpType op, int operand) {
    boolean layer = op.domain().isEmpty() && LAYERS.contains(op.name());
    return layer && operand < ROLES.size() ? ROLES.get(operand) : "operand " + operand;
  }
}
