package dev.octet.annotation.rules;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.pattern.NodeView;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What conditions know besides the node: the graph, the user's nodes, and the matches so far. */
final class MatchContext {

  private final GraphValues facts;
  private final Function<Node, List<Node>> userNodes;
  private final Set<Point> quantized = new HashSet<>();
  private final Set<Point> outputs = new HashSet<>();

  /**
   * Starts without matches.
   *
   * @param facts the graph
   * @param userNodes gives the nodes of the user's model whose work a node does
   */
  MatchContext(GraphValues facts, Function<Node, List<Node>> userNodes) {
    this.facts = facts;
    this.userNodes = userNodes;
  }

  GraphValues facts() {
    return facts;
  }

  /** Returns a node as conditions see it. */
  NodeView view(Node node) {
    return NodeView.of(facts, node, userNodes);
  }

  /** Tells whether a rule has quantized a result where it is defined. */
  boolean isQuantized(Point result) {
    return quantized.contains(result);
  }

  /** Tells whether a result is what a match that quantizes something hands on. */
  boolean isOutputOfMatch(Point result) {
    return outputs.contains(result);
  }

  void addQuantized(Point result) {
    quantized.add(result);
  }

  void addOutput(Point result) {
    outputs.add(result);
  }
}
