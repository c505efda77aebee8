package dev.octet.annotation;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** Merges what several quantizers did to one graph, each by itself. */
final class AnnotationMerge {

  private final SortedMap<String, AnnotationContext> children;
  private final SortedMap<String, AnnotatedGraph> made = new TreeMap<>();

  /** Takes what was done by the name of each quantizer. */
  AnnotationMerge(SortedMap<String, AnnotationContext> children) {
    this.children = children;
    children.forEach((name, child) -> made.put(name, child.annotated()));
  }

  /**
   * Does all of it to the caller's context.
   *
   * @throws OctetException {@code OCT-ANN-011} if two quantizers claim one node; of several nodes
   *     the one with the smallest name is named; {@code OCT-ANN-014} if two mark one input or
   *     output differently
   */
  void into(AnnotationContext context) {
    Map<String, Owner> claimed = claimed();
    claim(claimed, context);
    for (Node node : context.nodes()) {
      Owner owner = claimed.get(node.name());
      if (owner != null) {
        mark(node, owner, context);
      } else {
        joined((child, own) -> own.reason(node)).ifPresent(reason -> context.explain(node, reason));
        joined((child, own) -> decision(child, node).decidedBy())
            .ifPresent(who -> context.decidedBy(node, who));
      }
    }
    markBoundary(context);
    Set<Point> unshared = new TreeSet<>();
    made.values().forEach(one -> unshared.addAll(one.unshared()));
    unshared.forEach(context::optOutOfImplicitSharing);
  }

  /** Inputs and outputs are nobody's: quantizers that mark one alike do not disagree. */
  private void markBoundary(AnnotationContext context) {
    SortedMap<Point, SortedMap<String, QuantizationSpec>> specs = new TreeMap<>();
    made.forEach(
        (child, one) ->
            one.boundary()
                .forEach(
                    (point, decision) ->
                        specs
                            .computeIfAbsent(point, p -> new TreeMap<>())
                            .put(child, decision.spec())));
    specs.forEach(
        (point, byChild) -> {
          List<QuantizationSpec> distinct = byChild.values().stream().distinct().toList();
          if (distinct.size() > 1) {
            String who = "'" + String.join("' and '", byChild.keySet()) + "'";
            throw AnnotationErrors.MARKED_BY_SEVERAL
                .error("quantizers " + who + " mark " + point + " differently: " + distinct)
                .build();
          }
          context.mark(point, distinct.get(0));
        });
  }

  /** Claims together what was claimed together. */
  private static void claim(Map<String, Owner> claimed, AnnotationContext context) {
    Map<String, Node> nodes = new HashMap<>();
    context.nodes().forEach(node -> nodes.put(node.name(), node));
    for (Owner of : claimed.values()) {
      NodeAnnotation owner = of.decision();
      if (owner.match().get(0).equals(owner.node())) {
        context.claim(owner.rule().orElseThrow(), owner.match().stream().map(nodes::get).toList());
      }
    }
  }

  /**
   * Who claimed a node.
   *
   * @param child the quantizer's name
   * @param decision what it decided
   */
  private record Owner(String child, NodeAnnotation decision) {}

  /** Returns the owner of each claimed node. */
  private Map<String, Owner> claimed() {
    SortedMap<String, SortedMap<String, NodeAnnotation>> owners = new TreeMap<>();
    made.forEach(
        (child, one) ->
            one.nodes().values().stream()
                .filter(NodeAnnotation::isClaimed)
                .forEach(
                    decision ->
                        owners
                            .computeIfAbsent(decision.node(), n -> new TreeMap<>())
                            .put(child, decision)));
    Map<String, Owner> claimed = new LinkedHashMap<>();
    owners.forEach(
        (node, decisions) -> {
          if (decisions.size() > 1) {
            throw conflict(node, decisions);
          }
          decisions.forEach((child, decision) -> claimed.put(node, new Owner(child, decision)));
        });
    return claimed;
  }

  private static OctetException conflict(String node, SortedMap<String, NodeAnnotation> decisions) {
    String who =
        decisions.entrySet().stream()
            .map(e -> "'" + e.getKey() + "' (rule '" + e.getValue().rule().orElseThrow() + "')")
            .collect(Collectors.joining(" and "));
    Set<Point> common = new TreeSet<>();
    decisions.values().forEach(decision -> common.addAll(points(decision)));
    decisions.values().forEach(decision -> common.retainAll(points(decision)));
    String place =
        common.isEmpty()
            ? "node '" + node + "'"
            : common.stream().map(Point::toString).collect(Collectors.joining(", "));
    return AnnotationErrors.CLAIMED_BY_SEVERAL
        .error("quantizers " + who + " claim node '" + node + "'")
        .at(place)
        .build();
  }

  private static List<Point> points(NodeAnnotation decision) {
    List<Point> points = new ArrayList<>();
    decision.operands().keySet().forEach(i -> points.add(Point.operand(decision.node(), i)));
    decision.results().keySet().forEach(i -> points.add(Point.result(decision.node(), i)));
    return points;
  }

  private static void mark(Node node, Owner of, AnnotationContext context) {
    NodeAnnotation owner = of.decision();
    context.claimedBy(node, owner.quantizer().orElse(of.child()));
    owner.operands().forEach((index, spec) -> context.markOperand(node, index, spec));
    owner.results().forEach((index, spec) -> context.markResult(node, index, spec));
    owner.decidedBy().ifPresent(who -> context.decidedBy(node, who));
  }

  private NodeAnnotation decision(String child, Node node) {
    return Optional.ofNullable(made.get(child))
        .flatMap(one -> Optional.ofNullable(one.nodes().get(node.name())))
        .orElseThrow(() -> new IllegalStateException("node '" + node.name() + "' has no decision"));
  }

  /** Joins what the quantizers say, each with its name; what all of them say alike stands alone. */
  private Optional<String> joined(BiFunction<String, AnnotationContext, Optional<String>> says) {
    SortedMap<String, String> said = new TreeMap<>();
    children.forEach(
        (child, own) -> says.apply(child, own).ifPresent(text -> said.put(child, text)));
    List<String> texts = said.values().stream().distinct().toList();
    return texts.size() < 2
        ? texts.stream().findFirst()
        : Optional.of(
            said.entrySet().stream()
                .map(e -> e.getKey() + ": " + e.getValue())
                .collect(Collectors.joining("; ")));
  }
}
