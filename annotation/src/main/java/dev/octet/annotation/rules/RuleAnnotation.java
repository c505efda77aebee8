package dev.octet.annotation.rules;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Marks one graph by rules: first all rules that look at the graph alone, then, level by level from
 * the inputs, those that depend on what is quantized already.
 */
final class RuleAnnotation {

  private final AnnotationContext marks;
  private final NodeSettings settings;
  private final GraphValues facts;
  private final List<Node> nodes;
  private final MatchContext context;
  private final Map<String, Seen> seen;
  private final Matcher matcher;

  /** What the rules say of one node. */
  private static final class Seen {
    private @Nullable NearMiss nearMiss;
    private @Nullable Match best;
    private @Nullable String owner;
  }

  RuleAnnotation(AnnotationContext marks, NodeSettings settings) {
    this.marks = marks;
    this.settings = settings;
    this.facts = GraphValues.of(marks.graph());
    this.nodes = marks.nodes();
    this.seen = new HashMap<>(2 * nodes.size());
    this.context = new MatchContext(facts, marks::userNodes);
    this.matcher = new Matcher(context, settings::mayFollow);
  }

  void run() {
    markBoundary();
    List<Match> matches = new ArrayList<>();
    nodes.forEach(node -> matches.addAll(matchesAt(node, false)));
    choose(matches);
    levels().values().forEach(this::takeDependentRules);
    nodes.forEach(this::explain);
    settings.boundaryAsNeighbours().stream().filter(marks::isFree).forEach(marks::markAsNeighbour);
  }

  private void markBoundary() {
    for (GraphValues.Value value : facts.values()) {
      value.input().ifPresent(input -> markBoundary(value, input));
      value.output().ifPresent(output -> markBoundary(value, output));
    }
  }

  /** What a caller hands through, and what is no float, stays as it is. */
  private void markBoundary(GraphValues.Value value, Point point) {
    boolean isFloat =
        value.tensorType().filter(type -> type.dataType() == DataType.FLOAT).isPresent();
    boolean through = value.source().isEmpty() || (value.input().isPresent() && value.isOutput());
    if (isFloat && !through && marks.isFree(point)) {
      settings
          .boundary(point)
          .flatMap(RuleAnnotation::plain)
          .ifPresent(
              spec -> {
                marks.mark(point, spec);
                if (spec.hasParameters()) {
                  context.addQuantized(point);
                }
              });
    }
  }

  /** Returns a spec that depends on no match. */
  private static Optional<QuantizationSpec> plain(SpecTemplate template) {
    return template.match(
        new SpecTemplate.Cases<>(
            observed -> Optional.of(observed.spec()),
            fixed -> Optional.of(fixed.spec()),
            shared -> Optional.empty(),
            derived -> Optional.empty(),
            keepFloat -> Optional.of(keepFloat.plain()),
            narrowFloat -> Optional.of(narrowFloat.plain())));
  }

  /** Returns the nodes at which rules may still begin that depend on others, by their depth. */
  private SortedMap<Integer, List<Node>> levels() {
    SortedMap<Integer, List<Node>> levels = new TreeMap<>();
    for (Node node : nodes) {
      if (settings.refusal(node, true).isEmpty() && !settings.rulesAt(node, true).isEmpty()) {
        levels.computeIfAbsent(facts.depth(node), d -> new ArrayList<>()).add(node);
      }
    }
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
    List<Rule> rules = settings.rulesAt(node, dependent);
    if (rules.isEmpty()) {
      return List.of();
    }
    List<Match> matches = new ArrayList<>();
    Seen ofNode = seen(node);
    for (Rule rule : rules) {
      matches.addAll(matcher.matches(rule, node, nearMiss(rule, ofNode)));
    }
    if (!matches.isEmpty()) {
      ofNode.best = Collections.min(matches, RuleAssignment.ORDER);
    }
    return matches;
  }

  private Seen seen(Node node) {
    return seen.computeIfAbsent(node.name(), n -> new Seen());
  }

  /** A rule that would keep the node in float is no reason why the node stays float. */
  private static NearMiss nearMiss(Rule rule, Seen ofNode) {
    if (rule.isFloat()) {
      return new NearMiss();
    }
    NearMiss known = ofNode.nearMiss == null ? new NearMiss() : ofNode.nearMiss;
    ofNode.nearMiss = known;
    return known;
  }

  private void choose(List<Match> matches) {
    new RuleAssignment(marks::isFree, this::take).choose(matches);
  }

  private void take(Match match) {
    marks.claim(match.rule().name(), match.nodes());
    match.nodes().forEach(node -> seen(node).owner = match.rule().name());
    match.rule().marks().forEach(mark -> mark(match, mark));
    if (!match.rule().isFloat()) {
      match.points(MatchPoint.output(), facts).forEach(context::addOutput);
    }
    for (MatchPoint at : match.rule().unshared()) {
      match.points(at, facts).forEach(marks::optOutOfImplicitSharing);
    }
    settings
        .decidedBy(match.nodes().get(0))
        .ifPresent(who -> match.nodes().forEach(node -> marks.decidedBy(node, who)));
  }

  private void mark(Match match, Mark mark) {
    for (Point point : match.points(mark.at(), facts)) {
      NodeView node = context.view(facts.node(point.node()));
      match.spec(mark.specAt(node, point), node, point, facts).ifPresent(spec -> mark(point, spec));
    }
  }

  private void mark(Point point, QuantizationSpec spec) {
    marks.mark(point, spec);
    if (point.side() == Point.Side.RESULT && spec.hasParameters()) {
      context.addQuantized(point);
    }
  }

  /** Says why a node stays float. */
  private void explain(Node node) {
    if (!marks.isFree(node)) {
      return;
    }
    Seen ofNode = seen(node);
    settings
        .refusal(node, ofNode.nearMiss != null)
        .ifPresentOrElse(
            why -> {
              say(node, why);
              settings.decidedBy(node).ifPresent(who -> marks.decidedBy(node, who));
            },
            () -> explainUnmatched(node, ofNode));
  }

  /** What a table says of a node does not go before what the caller knows of it. */
  private void say(Node node, String reason) {
    if (marks.callersReason(node).isEmpty()) {
      marks.explain(node, reason);
    }
  }

  private void explainUnmatched(Node node, Seen ofNode) {
    if (ofNode.best != null) {
      say(node, lostWords(ofNode.best));
      return;
    }
    if (ofNode.nearMiss != null) {
      say(node, ofNode.nearMiss.words());
      return;
    }
    SortedSet<String> behind = settings.rulesBehind(node);
    if (!behind.isEmpty()) {
      say(
          node,
          node.op()
              + " is quantized only as a later part of "
              + (behind.size() == 1 ? "rule '" : "rules '")
              + String.join("', '", behind)
              + "'");
    }
  }

  /** Says what kept a match from being taken: the first of its nodes that has an owner. */
  private String lostWords(Match match) {
    String rule = "rule '" + match.rule().name() + "' matches, but ";
    for (Node node : match.nodes()) {
      String owner = seen(node).owner;
      if (owner != null) {
        return rule + "node '" + node.name() + "' belongs to rule '" + owner + "'";
      }
    }
    return rule + "another quantizer has claimed one of its nodes";
  }
}
