package dev.octet.api.provider;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.guard.Guard;
import dev.octet.api.runtime.CustomOperator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An operator of a backend of which every call is guarded, and its results are checked. */
final class GuardedOperator implements CustomOperator {

  private static final Set<String> TAKEN = Set.of("", "com.microsoft", "dev.octet");

  private final CustomOperator operator;
  private final OpType op;
  private final Guard guard;

  private GuardedOperator(CustomOperator operator, OpType op, Guard guard) {
    this.operator = operator;
    this.op = op;
    this.guard = guard;
  }

  /** Guards the operators of a backend, each of an own domain and none twice. */
  static List<CustomOperator> all(List<CustomOperator> operators, Guard guard) {
    Set<OpType> seen = new HashSet<>();
    return operators.stream()
        .<CustomOperator>map(
            operator -> {
              OpType op = guard.same("op", operator::op);
              if (TAKEN.contains(op.domain())) {
                throw guard.breach("operators", "the domain of " + op + " is not its own");
              }
              if (!seen.add(op)) {
                throw guard.breach("operators", "two are " + op);
              }
              return new GuardedOperator(operator, op, guard.part("operator '" + op + "'"));
            })
        .toList();
  }

  @Override
  public OpType op() {
    return op;
  }

  @Override
  public Optional<String> refusal(Node node) {
    return at(node).wordsIfAny("refusal", () -> operator.refusal(node));
  }

  @Override
  public List<TensorType> results(Node node, List<Optional<TensorType>> operands) {
    List<TensorType> types = at(node).list("results", () -> operator.results(node, operands));
    requireCount("results", node, types.size());
    return types;
  }

  @Override
  public List<Tensor> compute(Node node, List<Optional<Tensor>> operands) {
    List<Tensor> computed = at(node).list("compute", () -> operator.compute(node, operands));
    requireCount("compute", node, computed.size());
    List<TensorType> types =
        results(node, operands.stream().map(each -> each.map(Tensor::type)).toList());
    for (int i = 0; i < computed.size(); i++) {
      if (!computed.get(i).type().equals(types.get(i))) {
        throw at(node)
            .breach(
                "compute",
                "result " + i + " is " + computed.get(i).type() + " and not " + types.get(i));
      }
    }
    return computed;
  }

  private void requireCount(String method, Node node, int count) {
    if (count != node.results().size()) {
      throw at(node)
          .breach(method, "it gave " + count + " for " + node.results().size() + " results");
    }
  }

  private Guard at(Node node) {
    return guard.at(() -> Optional.of(node.name()));
  }
}
