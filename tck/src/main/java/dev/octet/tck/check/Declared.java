package dev.octet.tck.check;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.provider.Capability;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.tck.graphs.PlacedInMatch;
import dev.octet.tck.subject.Subject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Which capability a match is an instance of. */
final class Declared {

  private Declared() {}

  /**
   * Returns the first capability that has the operators of a match in their order, and whose
   * conditions and edges hold for its nodes.
   *
   * @param annotated the graph of the match
   * @param match what the backend says of the match's first node
   * @param userNodes gives the nodes of the user's model whose work a node does
   */
  static Optional<Capability> of(
      Subject subject,
      AnnotatedGraph annotated,
      NodeAnnotation match,
      Function<Node, List<Node>> userNodes) {
    SortedMap<Integer, GraphValues.Member> nodes = nodes(annotated, match);
    return ofItsOperators(subject, nodes)
        .filter(
            capability ->
                PlacedInMatch.broken(
                        capability, nodes, point -> isQuantized(annotated, point), userNodes)
                    .isEmpty())
        .filter(capability -> PlacedInMatch.brokenEdge(capability, nodes).isEmpty())
        .findFirst();
  }

  /**
   * Returns, in words, which value inside a match is not as the capabilities of its operators say.
   */
  static Optional<String> brokenEdge(
      Subject subject, AnnotatedGraph annotated, NodeAnnotation match) {
    SortedMap<Integer, GraphValues.Member> nodes = nodes(annotated, match);
    return ofItsOperators(subject, nodes)
        .flatMap(capability -> PlacedInMatch.brokenEdge(capability, nodes).stream())
        .findFirst()
        .map(
            edge ->
                String.format(
                    Locale.ROOT,
                    "though '%s' does not %sread the result of '%s' as declared, and",
                    match.match().get(edge.reader()),
                    edge.alone() ? "alone " : "",
                    match.match().get(edge.producer())));
  }

  private static Stream<Capability> ofItsOperators(
      Subject subject, SortedMap<Integer, GraphValues.Member> nodes) {
    List<OpType> operators = nodes.values().stream().map(member -> member.node().op()).toList();
    return subject.capabilities().stream()
        .filter(capability -> capability.pattern().equals(operators));
  }

  private static SortedMap<Integer, GraphValues.Member> nodes(
      AnnotatedGraph annotated, NodeAnnotation match) {
    GraphValues values = GraphValues.of(annotated.graph());
    SortedMap<Integer, GraphValues.Member> nodes = new TreeMap<>();
    for (String name : match.match()) {
      nodes.put(nodes.size(), values.member(name).orElseThrow());
    }
    return nodes;
  }

  /** A value is quantized where it is marked, and follows a match whose node is claimed. */
  static boolean isQuantized(AnnotatedGraph annotated, Point point) {
    NodeAnnotation node =
        point.side() == Point.Side.INPUT ? null : annotated.nodes().get(point.node());
    return (node != null && node.isClaimed())
        || annotated.spec(point).filter(QuantizationSpec::hasParameters).isPresent();
  }
}
