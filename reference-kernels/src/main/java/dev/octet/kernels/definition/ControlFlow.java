package dev.octet.kernels.definition;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import java.util.List;
import java.util.Optional;

/** The operators that run by running their subgraphs, and which of their nodes do not. */
public enum ControlFlow {
  /** One of two branches. */
  IF("If", 1) {
    @Override
    Optional<String> misfit(Node node) {
      boolean both =
          fits(node, "then_branch", 0, node.results().size())
              && fits(node, "else_branch", 0, node.results().size());
      return unless(both && node.operands().size() == 1);
    }
  },

  /** A body that runs while a condition holds, or a number of times. */
  LOOP("Loop", 1) {
    @Override
    Optional<String> misfit(Node node) {
      int carried = node.operands().size() - 2;
      return unless(
          carried >= 0
              && carried <= node.results().size()
              && fits(node, "body", carried + 2, node.results().size() + 1));
    }
  },

  /** A body that runs once for each slice of its operands. */
  SCAN("Scan", 9) {
    @Override
    Optional<String> misfit(Node node) {
      for (String order : SCAN_ORDERS) {
        if (node.intsAttribute(order).stream().flatMap(List::stream).anyMatch(i -> i != 0)) {
          return Optional.of("a Scan with " + order + " other than 0 is not run");
        }
      }
      int scanned = (int) node.intAttribute("num_scan_inputs", 0);
      return unless(
          scanned >= 1
              && scanned <= node.operands().size()
              && node.operands().size() - scanned <= node.results().size()
              && fits(node, "body", node.operands().size(), node.results().size()));
    }
  };

  private static final List<String> SCAN_ORDERS =
      List.of(
          "scan_input_axes", "scan_input_directions", "scan_output_axes", "scan_output_directions");

  private final String onnxName;
  private final long since;

  ControlFlow(String onnxName, long since) {
    this.onnxName = onnxName;
    this.since = since;
  }

  /** Returns the operator. */
  public OpType op() {
    return OpType.onnx(onnxName);
  }

  /** Returns the oldest operator set whose nodes are run as far as this operator decides. */
  public long since() {
    return since;
  }

  /** Returns why a node cannot be run, leaving its subgraphs' nodes aside; empty when it can. */
  public Optional<String> refusal(Node node, long opset) {
    return opset < since
        ? Optional.of("a " + onnxName + " of an operator set before " + since + " is not run")
        : misfit(node);
  }

  abstract Optional<String> misfit(Node node);

  private static boolean fits(Node node, String attribute, int inputs, int outputs) {
    return node.graphAttribute(attribute)
        .filter(graph -> takes(graph, inputs, outputs))
        .isPresent();
  }

  private static boolean takes(Graph graph, int inputs, int outputs) {
    return graph.inputs().size() == inputs && graph.outputs().size() == outputs;
  }

  private static Optional<String> unless(boolean fits) {
    return fits
        ? Optional.empty()
        : Optional.of("its subgraphs have other inputs or outputs than the node");
  }
}
