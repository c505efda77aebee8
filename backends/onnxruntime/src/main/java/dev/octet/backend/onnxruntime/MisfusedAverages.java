package dev.octet.backend.onnxruntime;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;

/**
 * Finds an AveragePool that ONNX Runtime fuses into an operator that does not do the same.
 *
 * <p>QLinearAveragePool of com.microsoft knows no dilations, so that the model is refused. Where it
 * counts padding, it divides by the size of the whole kernel, also in a window that {@code
 * ceil_mode} lets leave the padded input; source: {@code qlinear_pool.cc}.
 */
final class MisfusedAverages {

  private MisfusedAverages() {}

  /** Tells whether some AveragePool of a graph may be such a one. */
  static boolean areIn(Graph graph) {
    return graph.nodesWithSubgraphs().stream()
        .filter(node -> node.op().is("AveragePool"))
        .anyMatch(node -> node.intsAttribute("dilations").isPresent() || countsBeyondPadding(node));
  }

  private static boolean countsBeyondPadding(Node pool) {
    return pool.intAttribute("ceil_mode", 0) != 0 && pool.intAttribute("count_include_pad", 0) != 0;
  }
}
