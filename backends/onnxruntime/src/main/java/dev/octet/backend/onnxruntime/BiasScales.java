package dev.octet.backend.onnxruntime;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.qdq.QdqValue;
import dev.octet.api.qdq.QuantizedValue;
import java.util.Optional;

/**
 * Finds biases that ONNX Runtime would read with another scale than they have.
 *
 * <p>Where it makes QGemm of a dequantized Gemm, it takes the integers of the bias as if their
 * scale were that of the input times that of the weight, and does not look. Source: its operator
 * QGemm, and QLinearConv as well, have no operand for the bias's scale.
 */
final class BiasScales {

  /** Products of two float32 scales, rounded in whatever order, agree better than this. */
  private static final double TOLERANCE = 1e-5;

  private BiasScales() {}

  /** Tells whether some layer's bias has a scale of its own. */
  static boolean haveOnesOfTheirOwn(Graph graph) {
    QdqGraph quantized = new QdqGraph(graph);
    return graph.nodes().stream().anyMatch(node -> hasOneOfItsOwn(quantized, node));
  }

  private static boolean hasOneOfItsOwn(QdqGraph graph, Node node) {
    if (!node.op().is("Conv") && !node.op().is("Gemm")) {
      return false;
    }
    Optional<QuantizedValue> input = known(graph, node, 0);
    Optional<QuantizedValue> weight = known(graph, node, 1);
    Optional<QuantizedValue> bias = known(graph, node, 2);
    return input.isPresent()
        && weight.isPresent()
        && bias.isPresent()
        && !isProduct(
            bias.get().scale().floats(), input.get().firstScale(), weight.get().scale().floats());
  }

  private static Optional<QuantizedValue> known(QdqGraph graph, Node node, int operand) {
    return graph
        .operand(node, operand)
        .flatMap(
            value -> value.match(new QdqValue.Cases<>(Optional::of, dynamic -> Optional.empty())));
  }

  private static boolean isProduct(float[] bias, float input, float[] weight) {
    int channels = Math.max(bias.length, weight.length);
    for (int i = 0; i < channels; i++) {
      double product = (double) input * weight[weight.length == 1 ? 0 : i];
      double scale = bias[bias.length == 1 ? 0 : i];
      if (Math.abs(scale - product) > TOLERANCE * product) {
        return false;
      }
    }
    return true;
  }
}
