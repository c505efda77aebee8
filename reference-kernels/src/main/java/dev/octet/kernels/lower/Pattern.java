package dev.octet.kernels.lower;

import dev.octet.api.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A float node between DequantizeLinear and QuantizeLinear nodes.
 *
 * @param node the node
 * @param activation a Relu or Clip behind it; empty when there is none
 * @param quantizers for each result, the QuantizeLinear nodes that read it, perhaps through the
 *     activation; an empty list for a result that nobody reads
 */
record Pattern(Node node, Optional<Node> activation, List<List<Node>> quantizers) {

  /**
   * Finds what is around a node.
   *
   * @param withActivation whether a Relu or Clip between the node and its quantizers belongs to it
   * @throws StaysFloatException if one of its results is read in float, or none is quantized
   */
  static Pattern around(Node node, QdqGraph graph, boolean withActivation) {
    Optional<Node> activation = withActivation ? activation(node, graph) : Optional.empty();
    List<String> results = activation.orElse(node).results();
    List<List<Node>> quantizers = new ArrayList<>();
    for (String result : results) {
      quantizers.add(result.isEmpty() ? List.of() : quantizers(result, graph));
    }
    if (quantizers.stream().allMatch(List::isEmpty)) {
      throw new StaysFloatException("its result is not quantized");
    }
    return new Pattern(node, activation, quantizers);
  }

  static boolean isActivation(Node node) {
    return node.op().is("Relu") || node.op().is("Clip");
  }

  private static Optional<Node> activation(Node node, QdqGraph graph) {
    String result = node.results().get(0);
    List<Node> readers = graph.readers(result);
    boolean only = readers.size() == 1 && !graph.isReadOutside(result);
    return only && isActivation(readers.get(0)) && readers.get(0).operands().get(0).equals(result)
        ? Optional.of(readers.get(0))
        : Optional.empty();
  }

  private static List<Node> quantizers(String value, QdqGraph graph) {
    if (graph.isReadOutside(value)) {
      throw new StaysFloatException("its result '" + value + "' is an output in float");
    }
    List<Node> readers = graph.readers(value);
    for (Node reader : readers) {
      if (!QdqGraph.isQuantize(reader) || !reader.operands().get(0).equals(value)) {
        throw new StaysFloatException(
            "its result '" + value + "' is read in float by '" + reader.name() + "'");
      }
    }
    return readers;
  }
}
