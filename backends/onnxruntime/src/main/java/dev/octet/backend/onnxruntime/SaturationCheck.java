package dev.octet.backend.onnxruntime;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.qdq.QdqValue;
import dev.octet.api.quantizer.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds layers whose integers ONNX Runtime would add up wrongly on x86 CPUs without VNNI.
 *
 * <p>No pair of products can leave int16 when two weights of one sign that make a pair add up to at
 * most 128; products of unlike signs take from each other. {@link WeightPairs} says which weights
 * make pairs.
 */
final class SaturationCheck {

  private SaturationCheck() {}

  /**
   * Returns a warning that names the layers of a converted model that may saturate; empty when none
   * can.
   *
   * @param graph a graph in QDQ form
   */
  static Optional<Finding> of(Graph graph) {
    QdqGraph quantized = new QdqGraph(graph);
    List<String> layers = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (weight(quantized, node).filter(w -> canSaturate(node, w)).isPresent()) {
        layers.add(node.name());
      }
    }
    return layers.isEmpty() ? Optional.empty() : Optional.of(warning(layers));
  }

  private static Optional<Tensor> weight(QdqGraph graph, Node node) {
    return graph
        .operand(node, 1)
        .map(QdqValue::value)
        .flatMap(graph::constant)
        .filter(w -> w.dataType() == DataType.INT8);
  }

  private static boolean canSaturate(Node node, Tensor weight) {
    return WeightPairs.of(node, weight.sizes())
        .filter(pairs -> canSaturate(pairs, weight.bytes()))
        .isPresent();
  }

  private static boolean canSaturate(WeightPairs pairs, byte[] weights) {
    boolean[] found = new boolean[1];
    pairs.forEach(
        (channel, first, second) -> found[0] |= isTooMuch(weights[first], weights[second]));
    return found[0];
  }

  private static boolean isTooMuch(int a, int b) {
    return (a < 0) == (b < 0) && Math.abs(a + b) > WeightPairs.LARGEST_SUM;
  }

  private static Finding warning(List<String> layers) {
    String first = "'" + String.join("', '", layers.subList(0, Math.min(3, layers.size()))) + "'";
    String message =
        layers.size()
            + (layers.size() == 1 ? " layer (" : " layers (")
            + first
            + (layers.size() > 3 ? ", ..." : "")
            + ") may give wrong results in ONNX Runtime on x86 CPUs without VNNI, which add pairs"
            + " of products in 16 bits. To run the file there, quantize with --backend"
            + " onnxruntime.";
    return OrtErrors.SATURATION.about(message);
  }
}
