package dev.octet.backend.onnxruntime;

import dev.octet.api.graph.Graph;

/**
 * Finds an AveragePool that ONNX Runtime fuses into an operator that does not have its attributes:
 * QLinearAveragePool of com.microsoft knows no dilations, and the model is refused.
 */
final class DilatedAverages {

  private DilatedAverages() {}

  /** Tells whether some AveragePool of a graph states dilations. */
  static boolean areIn(Graph graph) {
    return graph.nodes().stream()
        .filter(node -> node.op().is("AveragePool"))
        .anyMatch(node -> node.intsAttribute("dilations").isPresent());
  }
}
