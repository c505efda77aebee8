package dev.octet.backend.onnxruntime;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.qdq.QdqValue;
import dev.octet.api.qdq.QuantizedValue;
import java.util.Optional;

/**
 * Finds weights that ONNX Runtime fuses and then stops at.
 *
 * <p>It makes QLinearMatMul of a dequantized MatMul whatever the weights are, and its kernel takes
 * scales of channels of a matrix alone, not of a stack of matrices: the run ends with {@code
 * IsBQuantParamSupported was false}.
 */
final class StackedWeights {

  private StackedWeights() {}

  /** Tells whether some MatMul reads a stack of matrices with a scale for each channel. */
  static boolean haveScalesOfChannels(Graph graph) {
    QdqGraph quantized = new QdqGraph(graph);
    return graph.nodes().stream()
        .filter(node -> node.op().is("MatMul"))
        .anyMatch(node -> isStackWithChannels(quantized, node));
  }

  private static boolean isStackWithChannels(QdqGraph graph, Node matMul) {
    return graph
        .operand(matMul, 1)
        .flatMap(
            value ->
                value.match(
                    new QdqValue.Cases<Optional<QuantizedValue>>(
                        Optional::of, dynamic -> Optional.empty())))
        .filter(weight -> !weight.isPerTensor())
        .flatMap(weight -> graph.constant(weight.value()))
        .filter(integers -> integers.rank() > 2)
        .isPresent();
  }
}
