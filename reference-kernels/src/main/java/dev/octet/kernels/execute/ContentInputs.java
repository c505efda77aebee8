package dev.octet.kernels.execute;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.ControlFlow;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.kernels.operators.Operators;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** Finds the graph inputs whose contents, not only whose shapes, decide the shapes of results. */
final class ContentInputs {

  private ContentInputs() {}

  /** Returns the names of those inputs, in the order of the graph. */
  static List<String> of(Graph typed, SortedMap<String, Long> opsets, OperatorSet operators) {
    Deque<String> open = new ArrayDeque<>();
    for (Node node : typed.nodes()) {
      open.addAll(decidingOperands(node, typed, operators));
      Signature signature = SupportedOperators.signature(node, typed, opsets);
      for (int i = 0; i < node.operands().size(); i++) {
        int operand = i;
        if (operators
            .kernelOf(node.op())
            .filter(k -> k.needsContents(signature, operand))
            .isPresent()) {
          open.add(node.operands().get(i));
        }
      }
    }
    Set<String> reached = reach(typed, open, operators);
    List<String> inputs = new ArrayList<>();
    for (ValueInfo input : typed.inputs()) {
      if (reached.contains(input.name())) {
        inputs.add(input.name());
      }
    }
    return inputs;
  }

  /**
   * Returns the operands that decide what comes out of subgraphs: how often a Loop runs that gives
   * something of each iteration, and the condition of an If that a flag of the caller's sets, whose
   * branches may give different shapes. A condition that the model computes of its data has
   * branches of one shape, and needs no plan of its own for each sample.
   */
  private static List<String> decidingOperands(Node node, Graph typed, OperatorSet operators) {
    Optional<ControlFlow> kind = Operators.find(node.op()).flatMap(OperatorDefinition::controlFlow);
    if (kind.isEmpty()) {
      return List.of();
    }
    return switch (kind.get()) {
      case LOOP ->
          node.results().size() > node.operands().size() - 2
              ? node.operands().subList(0, 2)
              : List.of();
      case IF -> {
        List<String> condition = node.operands().subList(0, 1);
        yield isFlag(condition, typed, operators) ? condition : List.of();
      }
      case SCAN -> List.of();
    };
  }

  private static boolean isFlag(List<String> condition, Graph typed, OperatorSet operators) {
    Set<String> reached = reach(typed, new ArrayDeque<>(condition), operators);
    return typed.inputs().stream()
        .filter(input -> reached.contains(input.name()))
        .allMatch(ContentInputs::isOneElement);
  }

  private static boolean isOneElement(ValueInfo input) {
    return input
        .tensorType()
        .flatMap(TensorType::shape)
        .filter(shape -> shape.isKnown() && Arrays.stream(shape.sizes()).allMatch(s -> s == 1))
        .isPresent();
  }

  /**
   * Follows values back to what they are computed from; what reads sizes only needs no contents.
   */
  private static Set<String> reach(Graph typed, Deque<String> open, OperatorSet operators) {
    Set<String> reached = new LinkedHashSet<>();
    while (!open.isEmpty()) {
      String value = open.remove();
      if (reached.add(value)) {
        typed
            .producer(value)
            .filter(
                p -> operators.kernelOf(p.op()).filter(OperatorKernel::readsSizesOnly).isEmpty())
            .ifPresent(p -> open.addAll(p.operands()));
      }
    }
    return reached;
  }
}
