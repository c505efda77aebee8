package dev.octet.annotation.rules;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.Annotations;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Marks one graph by rules: first all rules that look at the graph alone, then, level by level from
 * the inputs, those that depend on what is quantized already.
 */
final class RuleAnnotation {

  private final Annotations annotations;
  private final NodeSettings settings;
  private final GraphValues facts;
  private final List<Node> nodes;
  private final MatchContext context;
  private final Map<String, NearMiss> nearMisses = new HashMap<>();
  private final Map<String, Match> best = new HashMap<>();
  private final Map<String, String> owners = new HashMap<>();
  private final Matcher matcher;

  RuleAnnotation(Graph graph, Annotations annotations, NodeSettings settings) {
    this.annotations = annotations;
    this.settings = settings;
    this.facts = GraphValues.of(graph);
    this.nodes = graph.nodesWithSubgraphs();
    this.context = new MatchContext(facts, annotations::userNodes);
    this.matcher = new Matcher(context, settings::mayFollow);
  }

  void run() {
    List<Match> matches = new ArrayList<>();
    nodes.forEach(node -> matches.addAll(matchesAt(node, false)));
    choose(matches);
    levels().values().forEach(this::takeDependentRules);
    nodes.forEach(this::explain);
  }

  private SortedMap<Integer, List<Node>> levels() {
    SortedMap<Integer, List<Node>> levels = new TreeMap<>();
    nodes.forEach(n -> levels.computeIfAbsent(facts.depth(n), d -> new ArrayList<>()).add(n));
    return levels;
  }

  private void takeDependentRules(List<Node> level) {
    List<Match> matches = new ArrayList<>();
    level.forEach(node -> matches.addAll(matchesAt(node, true)));
    choose(matches);
  }

  private List<Match> matchesAt(Node node, boolean dependent) {
    if (settings.refusal(node, dependent).isPresent()) {
      return List.of();
    }
    List<Match> matches = new ArrayList<>();
    for (Rule rule : settings.rulesAt(node, dependent)) {
      matches.addAll(matcher.matches(rule, node, nearMiss(rule, node)));
    }
    if (!matches.isEmpty()) {
      best.put(node.name(), Collections.min(matches, RuleAssignment.ORDER));
    }
    return matches;
  }

  /** A rule that would keep the node in float is no reason why the node stays float. */
  private NearMiss nearMiss(Rule rule, Node node) {
    return rule.isFloat()
        ? new NearMiss()
        : nearMisses.computeIfAbsent(node.name(), n -> new NearMiss());
  }

  private void choose(List<Match> matches) {
    new RuleAssignment(annotations::isFree, this::take).choose(matches);
  }

  private void take(Match match) {
    annotations.claim(match.rule().name(), match.nodes());
    match.nodes().forEach(node -> owners.put(node.name(), match.rule().name()));
    match.rule().marks().forEach(mark -> mark(match, mark));
    if (!match.rule().isFloat()) {
      match.points(MatchPoint.output(), facts).forEach(context::addOutput);
    }
    for (MatchPoint at : match.rule().unshared()) {
      match.points(at, facts).forEach(annotations::optOutOfImplicitSharing);
    }
    settings
        .decidedBy(match.nodes().get(0))
        .ifPresent(who -> match.nodes().forEach(node -> annotations.decidedBy(node, who)));
  }

  private void mark(Match match, Mark mark) {
    for (Point point : match.points(mark.at(), facts)) {
      Node node = facts.node(point.node());
      boolean constant =
          point.side() == Point.Side.OPERAND
              && facts.operand(node, point.index()).orElseThrow().constant().isPresent();
      SpecTemplate template = constant ? mark.whenConstant().orElse(mark.spec()) : mark.spec();
      match.spec(template, node, point, facts).ifPresent(spec -> mark(node, point, spec));
    }
  }

  private void mark(Node node, Point point, QuantizationSpec spec) {
    if (point.side() == Point.Side.OPERAND) {
      annotations.markOperand(node, point.index(), spec);
    } else {
      annotations.markResult(node, point.index(), spec);
      if (spec.floatReason().isEmpty()) {
        context.addQuantized(point);
      }
    }
  }

  /** Says why a node stays float; the caller's own reasons come first. */
  private void explain(Node node) {
    if (!annotations.isFree(node)) {
      return;
    }
    settings
        .refusal(node, nearMisses.containsKey(node.name()))
        .ifPresentOrElse(
            why -> {
              annotations.explain(node, why);
              settings.decidedBy(node).ifPresent(who -> annotations.decidedBy(node, who));
            },
            () -> explainUnmatched(node));
  }

  private void explainUnmatched(Node node) {
    Match lost = best.get(node.name());
    if (lost != null) {
      annotations.explain(node, lostWords(lost));
      return;
    }
    NearMiss miss = nearMisses.get(node.name());
    if (miss != null) {
      annotations.explain(node, miss.words());
      return;
    }
    TreeSet<String> behind = new TreeSet<>();
    settings.rulesBehind(node).forEach(rule -> behind.add("'" + rule.name() + "'"));
    if (!behind.isEmpty()) {
      annotations.explain(
          node,
          node.op()
              + " is quantized only as a later part of "
              + (behind.size() == 1 ? "rule " : "rules ")
              + String.join(", ", behind));
    }
  }

  /** Says what kept a match from being taken: the first of its nodes that has an owner. */
  private String lostWords(Match match) {
    String rule = "rule '" + match.rule().name() + "' matches, but ";
    return match.nodes().stream()
        .filter(node -> owners.containsKey(node.name()))
        .findFirst()
        .map(n -> rule + "node '" + n.name() + "' belongs to rule '" + owners.get(n.name()) + "'")
        .orElse(rule + "another quantizer has claimed one of its nodes");
  }
}
