package dev.octet.kernels.execute;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueInfo;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.operators.OperatorSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/** Finds the graph inputs whose contents, not only whose shapes, decide the shapes of results. */
final class ContentInputs {

  private ContentInputs() {}

  /** Returns the names of those inputs, in the order of the graph. */
  static List<String> of(Graph typed, SortedMap<String, Long> opsets, OperatorSet operators) {
    Deque<String> open = new ArrayDeque<>();
    for (Node node : typed.nodes()) {
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
