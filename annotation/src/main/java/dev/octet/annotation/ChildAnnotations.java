package dev.octet.annotation;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.Annotations;
import dev.octet.api.quantizer.Directive;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one quantizer of several does to a graph: it knows what the caller knows, and nothing of the
 * other quantizers.
 */
final class ChildAnnotations implements Annotations {

  private final Annotations caller;
  private final RecordingAnnotations own;
  private final List<Claim> claims = new ArrayList<>();
  private final Map<String, String> reasons = new LinkedHashMap<>();

  ChildAnnotations(String name, Graph graph, Annotations caller, Set<String> options) {
    this.caller = caller;
    Map<String, Directive> directives = new LinkedHashMap<>();
    for (Node node : graph.nodesWithSubgraphs()) {
      caller.directive(node).ifPresent(d -> directives.put(node.name(), narrowed(d, options)));
    }
    this.own = new RecordingAnnotations(name, graph, NameMapping.identity(), graph, directives);
  }

  /** One claim. */
  record Claim(String rule, List<Node> nodes) {}

  /** Returns the claims in the order in which they were made. */
  List<Claim> claims() {
    return List.copyOf(claims);
  }

  /** Returns the reason that was given for a node. */
  Optional<String> reason(String node) {
    return Optional.ofNullable(reasons.get(node));
  }

  AnnotatedGraph finish() {
    return own.finish();
  }

  @Override
  public void claim(String rule, List<Node> nodes) {
    own.claim(rule, nodes);
    claims.add(new Claim(rule, List.copyOf(nodes)));
  }

  @Override
  public void markOperand(Node node, int index, QuantizationSpec spec) {
    own.markOperand(node, index, spec);
  }

  @Override
  public void markResult(Node node, int index, QuantizationSpec spec) {
    own.markResult(node, index, spec);
  }

  @Override
  public void optOutOfImplicitSharing(Point point) {
    own.optOutOfImplicitSharing(point);
  }

  @Override
  public void explain(Node node, String reason) {
    own.explain(node, reason);
    reasons.putIfAbsent(node.name(), reason);
  }

  @Override
  public boolean isClaimed(Node node) {
    return own.isClaimed(node) || caller.isClaimed(node);
  }

  @Override
  public boolean isFree(Node node) {
    return own.isFree(node) && caller.isFree(node);
  }

  @Override
  public Optional<Directive> directive(Node node) {
    return own.directive(node);
  }

  @Override
  public void decidedBy(Node node, String who) {
    own.decidedBy(node, who);
  }

  @Override
  public List<String> userNames(Node node) {
    return caller.userNames(node);
  }

  @Override
  public List<Node> userNodes(Node node) {
    return caller.userNodes(node);
  }

  /** A quantizer does not know the options of the others. */
  private static Directive narrowed(Directive directive, Set<String> options) {
    return directive.match(
        new Directive.Cases<>(
            excluded -> excluded,
            configured -> {
              Map<String, List<String>> kept = new LinkedHashMap<>(configured.options().values());
              kept.keySet().retainAll(options);
              return new Directive.Configured(new Options(kept), configured.decidedBy());
            }));
  }
}
