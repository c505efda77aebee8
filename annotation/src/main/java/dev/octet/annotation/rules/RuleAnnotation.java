package dev.octet.annotation.rules;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
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
  private final List<GraphValues.Member> members;
  private final MatchContext context;
  private final Seen[] seen;
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
    this.members = facts.members();
    this.seen = new Seen[members.size()];
    Arrays.setAll(seen, number -> new Seen());
    this.context = new MatchContext(marks::userNodes);
    this.matcher = new Matcher(context, settings::mayFollow);
  }

  void run() {
    markBoundary();
    List<Match> matches = new ArrayList<>();
    members.forEach(member -> matches.addAll(matchesAt(member, false)));
    choose(matches);
    levels().values().forEach(this::takeDependentRules);
    members.forEach(this::explain);
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
                if (spec.hasParameters() && point.side() == Point.Side.INPUT) {
                  context.addQuantized(value);
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
  private SortedMap<Integer, List<GraphValues.Member>> levels() {
    SortedMap<Integer, List<GraphValues.Member>> levels = new TreeMap<>();
    for (GraphValues.Member member : members) {
      Node node = member.node();
      if (settings.refusal(member, true).isEmpty() && !settings.rulesAt(node, true).isEmpty()) {
        levels.computeIfAbsent(member.depth(), d -> new ArrayList<>(1)).add(member);
      }
    }
    return levels;
  }

  private void takeDependentRules(List<GraphValues.Member> level) {
    List<Match> matches = new ArrayList<>();
    level.forEach(member -> matches.addAll(matchesAt(member, true)));
    choose(matches);
  }

  private List<Match> matchesAt(GraphValues.Member member, boolean dependent) {
    Node node = member.node();
    if (settings.refusal(member, dependent).isPresent()) {
      return List.of();
    }
    List<Rule> rules = settings.rulesAt(node, dependent);
    if (rules.isEmpty()) {
      return List.of();
    }
    List<Match> matches = new ArrayList<>();
    Seen ofNode = seen[member.number()];
    for (Rule rule : rules) {
      matches.addAll(matcher.matches(rule, member, nearMiss(rule, ofNode)));
    }
    if (!matches.isEmpty()) {
      ofNode.best = Collections.min(matches, RuleAssignment.ORDER);
    }
    return matches;
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
    match.present().forEach(place -> seen[place.member().number()].owner = match.rule().name());
    match.rule().marks().forEach(mark -> mark(match, mark));
    Match.Place last = match.place(MatchPoint.output());
    if (last != null && !match.rule().isFloat()) {
      last.member().result(0).ifPresent(context::addOutput);
    }
    for (MatchPoint at : match.rule().unshared()) {
      match.points(at).forEach(marks::optOutOfImplicitSharing);
    }
    settings
        .decidedBy(match.nodes().get(0))
        .ifPresent(who -> match.nodes().forEach(node -> marks.decidedBy(node, who)));
  }

  private void mark(Match match, Mark mark) {
    Match.Place place = match.place(mark.at());
    if (place != null) {
      NodeView node = context.view(place.member());
      for (Point point : match.points(mark.at())) {
        match
            .spec(mark.specAt(node, point), node, point)
            .ifPresent(spec -> mark(place.member(), point, spec));
      }
    }
  }

  private void mark(GraphValues.Member member, Point point, QuantizationSpec spec) {
    if (point.side() == Point.Side.OPERAND) {
      marks.markOperand(member, point.index(), spec);
      return;
    }
    marks.markResult(member, point.index(), spec);
    if (spec.hasParameters()) {
      member.result(point.index()).ifPresent(context::addQuantized);
    }
  }

  /** Says why a node stays float. */
  private void explain(GraphValues.Member member) {
    if (!marks.isFree(member)) {
      return;
    }
    Node node = member.node();
    Seen ofNode = seen[member.number()];
    settings
        .refusal(member, ofNode.nearMiss != null)
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
    for (Match.Place place : match.present()) {
      String owner = seen[place.member().number()].owner;
      if (owner != null) {
        return rule + "node '" + place.node().name() + "' belongs to rule '" + owner + "'";
      }
    }
    return rule + "another quantizer has claimed one of its nodes";
  }
}
