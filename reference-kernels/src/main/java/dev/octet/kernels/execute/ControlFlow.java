package dev.octet.kernels.execute;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which operators with subgraphs are run, and how their nodes are made up. */
final class ControlFlow {

  static final OpType IF = OpType.onnx("If");
  static final OpType LOOP = OpType.onnx("Loop");
  static final OpType SCAN = OpType.onnx("Scan");

  private static final long OLDEST_SCAN = 9;
  private static final List<String> SCAN_ORDERS =
      List.of(
          "scan_input_axes", "scan_input_directions", "scan_output_axes", "scan_output_directions");

  private ControlFlow() {}

  /** Tells whether a node is run by running its subgraphs. */
  static boolean is(Node node) {
    return !node.subgraphs().isEmpty() && Set.of(IF, LOOP, SCAN).contains(node.op());
  }

  /** Returns a subgraph that the operator demands. */
  static Graph subgraph(Node node, String attribute) {
    return find(node, attribute).orElseThrow();
  }

  /** Returns why a node cannot be run, leaving its subgraphs' nodes aside; empty when it can. */
  static Optional<String> refusal(Node node, long opset) {
    if (!is(node)) {
      return Optional.of("operators with subgraphs other than If, Loop and Scan are not run");
    }
    if (node.op().equals(IF)) {
      boolean both =
          fits(node, "then_branch", 0, node.results().size())
              && fits(node, "else_branch", 0, node.results().size());
      return both && node.operands().size() == 1 ? Optional.empty() : misfit();
    }
    if (node.op().equals(LOOP)) {
      int carried = node.operands().size() - 2;
      boolean fits =
          carried >= 0
              && carried <= node.results().size()
              && fits(node, "body", carried + 2, node.results().size() + 1);
      return fits ? Optional.empty() : misfit();
    }
    return scanRefusal(node, opset);
  }

  private static Optional<String> scanRefusal(Node node, long opset) {
    if (opset < OLDEST_SCAN) {
      return Optional.of("a Scan of an operator set before " + OLDEST_SCAN + " is not run");
    }
    for (String order : SCAN_ORDERS) {
      if (node.intsAttribute(order).stream().flatMap(List::stream).anyMatch(i -> i != 0)) {
        return Optional.of("a Scan with " + order + " other than 0 is not run");
      }
    }
    int scanned = (int) node.intAttribute("num_scan_inputs", 0);
    boolean fits =
        scanned >= 1
            && scanned <= node.operands().size()
            && node.operands().size() - scanned <= node.results().size()
            && fits(node, "body", node.operands().size(), node.results().size());
    return fits ? Optional.empty() : misfit();
  }

  private static boolean fits(Node node, String attribute, int inputs, int outputs) {
    return find(node, attribute)
        .filter(g -> g.inputs().size() == inputs && g.outputs().size() == outputs)
        .isPresent();
  }

  private static Optional<Graph> find(Node node, String attribute) {
    Attribute found = node.attributes().get(attribute);
    return found != null && found.value() instanceof Attribute.GraphValue single
        ? Optional.of(single.graph())
        : Optional.empty();
  }

  private static Optional<String> misfit() {
    return Optional.of("its subgraphs have other inputs or outputs than the node");
  }
}
