package dev.octet.api.provider;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.Annotations;
import dev.octet.api.quantizer.Directive;
import dev.octet.api.spec.QuantizationSpec;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Annotations that know of which node they were asked last: where a quantizer is when it fails. */
final class TracedAnnotations implements Annotations {

  private final Annotations annotations;
  private @Nullable String last;

  TracedAnnotations(Annotations annotations) {
    this.annotations = annotations;
  }

  Optional<String> lastNode() {
    return Optional.ofNullable(last);
  }

  private Node at(Node node) {
    last = node.name();
    return node;
  }

  @Override
  public void claim(String rule, List<Node> nodes) {
    for (Node node : nodes) {
      at(node);
      break;
    }
    annotations.claim(rule, nodes);
  }

  @Override
  public void markOperand(Node node, int index, QuantizationSpec spec) {
    annotations.markOperand(at(node), index, spec);
  }

  @Override
  public void markResult(Node node, int index, QuantizationSpec spec) {
    annotations.markResult(at(node), index, spec);
  }

  @Override
  public void optOutOfImplicitSharing(Point point) {
    last = point.node();
    annotations.optOutOfImplicitSharing(point);
  }

  @Override
  public void explain(Node node, String reason) {
    annotations.explain(at(node), reason);
  }

  @Override
  public boolean isClaimed(Node node) {
    return annotations.isClaimed(at(node));
  }

  @Override
  public boolean isFree(Node node) {
    return annotations.isFree(at(node));
  }

  @Override
  public Optional<Directive> directive(Node node) {
    return annotations.directive(at(node));
  }

  @Override
  public void decidedBy(Node node, String who) {
    annotations.decidedBy(at(node), who);
  }

  @Override
  public List<String> userNames(Node node) {
    return annotations.userNames(at(node));
  }

  @Override
  public List<Node> userNodes(Node node) {
    return annotations.userNodes(at(node));
  }
}
