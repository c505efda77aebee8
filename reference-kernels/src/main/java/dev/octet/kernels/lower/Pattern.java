package dev.octet.kernels.lower;

import dev.octet.api.graph.Node;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.kernels.definition.StaysFloatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A float node between DequantizeLinear and QuantizeLinear nodes.
 *
 * @param node the node
 * @param activations nodes behind it, one behind the other, that bound their operand; often none
 * @param quantizers for each result, the QuantizeLinear nodes that read it, perhaps through the
 *     activations; an empty list for a result that nobody reads
 */
record Pattern(Node node, List<Node> activations, List<List<Node>> quantizers) {

  /**
   * Finds what is around a node.
   *
   * @throws StaysFloatException if one of its results is read in float, or none is quantized
   */
  static Pattern around(Node node, QdqGraph graph) {
    List<Node> activations = new ArrayList<>();
    Node last = node;
    for (Optional<Node> next = activation(last, graph); next.isPresent(); ) {
      last = next.get();
      activations.add(last);
      next = activation(last, graph);
    }
    List<List<Node>> quantizers = new ArrayList<>();
    for (String result : last.results()) {
      quantizers.add(result.isEmpty() ? List.of() : quantizers(result, graph));
    }
    if (quantizers.stream().allMatch(List::isEmpty)) {
      throw new StaysFloatException("its result is not quantized");
    }
    return new Pattern(node, activations, quantizers);
  }

  /** The node that bounds its operand and alone reads the only result of a node. */
  private static Optional<Node> activation(Node node, QdqGraph graph) {
    if (node.results().size() != 1) {
      return Optional.empty();
    }
    String result = node.results().get(0);
    List<Node> readers = graph.readers(result);
    boolean alone = readers.size() == 1 && !graph.isReadOutside(result);
    return alone
            && Activations.rule(readers.get(0)).isPresent()
            && readers.get(0).operands().get(0).equals(result)
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
