package dev.octet.tck.check;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.provider.Capability;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.tck.graphs.PlacedInMatch;
import dev.octet.tck.subject.Subject;
import java.util.List;
import java.util.Optional;

/** Which capability a match is an instance of. */
final class Declared {

  private Declared() {}

  /**
   * Returns the first capability that has the operators of a match in their order, and whose
   * conditions hold for its nodes.
   *
   * @param annotated the graph of the match
   * @param match what the backend says of the match's first node
   */
  static Optional<Capability> of(Subject subject, AnnotatedGraph annotated, NodeAnnotation match) {
    GraphValues values = GraphValues.of(annotated.graph());
    List<GraphValues.Member> nodes =
        match.match().stream().map(name -> values.member(name).orElseThrow()).toList();
    List<OpType> operators = nodes.stream().map(member -> member.node().op()).toList();
    return subject.capabilities().stream()
        .filter(capability -> capability.pattern().equals(operators))
        .filter(
            capability ->
                PlacedInMatch.broken(capability, nodes, point -> isQuantized(annotated, point))
                    .isEmpty())
        .findFirst();
  }

  /** A value is quantized where it is marked, and follows a match whose node is claimed. */
  static boolean isQuantized(AnnotatedGraph annotated, Point point) {
    NodeAnnotation node = annotated.nodes().get(point.node());
    return (node != null && node.isClaimed())
        || annotated.spec(point).filter(QuantizationSpec::hasParameters).isPresent();
  }
}
