package dev.octet.annotation.rules;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.pattern.NodeView;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;

/** What conditions know besides the node: the user's nodes, and the matches so far. */
final class MatchContext {

  private final Function<Node, List<Node>> userNodes;
  private final BitSet quantized = new BitSet();
  private final BitSet outputs = new BitSet();

  /**
   * Starts without matches.
   *
   * @param userNodes gives the nodes of the user's model whose work a node does
   */
  MatchContext(Function<Node, List<Node>> userNodes) {
    this.userNodes = userNodes;
  }

  /** Returns a node as conditions see it. */
  NodeView view(GraphValues.Member member) {
    return NodeView.of(member, userNodes);
  }

  /** Tells whether a rule has quantized a value where it comes from: as a result or an input. */
  boolean isQuantized(GraphValues.Value value) {
    return quantized.get(value.number());
  }

  /** Tells whether a value is what a match that quantizes something hands on. */
  boolean isOutputOfMatch(GraphValues.Value value) {
    return outputs.get(value.number());
  }

  void addQuantized(GraphValues.Value value) {
    quantized.set(value.number());
  }

  void addOutput(GraphValues.Value value) {
    outputs.set(value.number());
  }
}
