package dev.octet.api.provider;

import dev.octet.api.graph.OpType;
import dev.octet.api.guard.Guard;
import dev.octet.api.operator.OperatorSignature;
import dev.octet.api.runtime.DeclaredUse;
import java.util.Collection;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * The operators of which a runtime declares something: those of ONNX's own domain are ones that
 * ONNX has, with the operands and results that it gives them.
 */
final class DeclaredOperators {

  private final Guard guard;
  private final String method;

  DeclaredOperators(Guard guard, String method) {
    this.guard = guard;
    this.method = method;
  }

  void require(DeclaredUse use) {
    use.operators().forEach(this::require);
    use.operands().keySet().forEach(i -> require(use, "operand", i, OperatorSignature::hasOperand));
    use.results().keySet().forEach(i -> require(use, "result", i, OperatorSignature::hasResult));
  }

  private void require(OpType op) {
    if (op.domain().isEmpty() && OperatorSignature.of(op).isEmpty()) {
      throw guard.breach(method, "it names operator '" + op + "', which ONNX does not have");
    }
  }

  /** Of several operators, one that has the operand or result is enough. */
  private void require(
      DeclaredUse use, String what, int index, BiPredicate<OperatorSignature, Integer> has) {
    Collection<OpType> all = use.operators();
    List<OperatorSignature> known =
        all.stream().flatMap(op -> OperatorSignature.of(op).stream()).toList();
    if (!known.isEmpty()
        && known.size() == all.size()
        && known.stream().noneMatch(op -> has.test(op, index))) {
      throw guard.breach(
          method, "it names " + what + " " + index + " of " + all + ", which has none");
    }
  }
}
