package dev.octet.backend.onnxruntime;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OutputChannels;
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
 * <p>There, products of a uint8 activation and an int8 weight are added in pairs in 16 bits with
 * saturation. No pair can leave int16 when the two largest weights of an output channel add up to
 * at most 128 and the two smallest to at least -128: {@code 255 * 128 = 32640 <= 32767}. The check
 * does not ask which weights are neighbours, so it may warn where the order of the weights happens
 * to be harmless. Depthwise convolutions and uint8 weights are exact there.
 */
final class SaturationCheck {

  private static final int LARGEST_PAIR = 128;

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
    boolean layer = node.op().is("Conv") || node.op().is("Gemm") || node.op().is("MatMul");
    return (layer ? graph.operand(node, 1) : Optional.<QdqValue>empty())
        .map(QdqValue::value)
        .flatMap(graph::constant)
        .filter(w -> w.dataType() == DataType.INT8 && w.rank() >= 2);
  }

  private static boolean canSaturate(Node node, Tensor weight) {
    long[] sizes = weight.sizes();
    if (node.op().is("Conv") && sizes[1] <= 1) {
      return false;
    }
    int axis = OutputChannels.axis(node, weight::rank);
    return rowsCanSaturate(weight.bytes(), Math.toIntExact(sizes[axis]), axis > 0);
  }

  /**
   * Looks at the weights of each output channel; {@code interleaved} when channels run along the
   * innermost axis.
   */
  private static boolean rowsCanSaturate(byte[] weights, int channels, boolean interleaved) {
    int each = channels == 0 ? 0 : weights.length / channels;
    for (int channel = 0; channel < channels; channel++) {
      int first = interleaved ? channel : channel * each;
      if (channelCanSaturate(weights, first, interleaved ? channels : 1, each)) {
        return true;
      }
    }
    return false;
  }

  private static boolean channelCanSaturate(byte[] weights, int first, int step, int count) {
    int largest = 0;
    int second = 0;
    int smallest = 0;
    int secondSmallest = 0;
    for (int k = 0; k < count; k++) {
      int weight = weights[first + k * step];
      if (weight > largest) {
        second = largest;
        largest = weight;
      } else if (weight > second) {
        second = weight;
      }
      if (weight < smallest) {
        secondSmallest = smallest;
        smallest = weight;
      } else if (weight < secondSmallest) {
        secondSmallest = weight;
      }
    }
    return largest + second > LARGEST_PAIR || smallest + secondSmallest < -LARGEST_PAIR;
  }

  private static Finding warning(List<String> layers) {
    String first = "'" + String.join("', '", layers.subList(0, Math.min(3, layers.size()))) + "'";
    String message =
        layers.size()
            + (layers.size() == 1 ? " layer (" : " layers (")
            + first
            + (layers.size() > 3 ? ", ..." : "")
            + ") may give wrong results in ONNX Runtime on x86 CPUs without VNNI, which add pairs of products in 16 bits."
            + " To run the file there, quantize with --backend onnxruntime.";
    return OrtErrors.SATURATION.about(message);
  }
}
