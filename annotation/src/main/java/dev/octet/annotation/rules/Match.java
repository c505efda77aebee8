package dev.octet.annotation.rules;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Nodes that a rule matches. */
final class Match {

  /**
   * A node of the match.
   *
   * @param member the node
   * @param entry the operand by which it reads the node that it was found from; -1 when it does not
   * @param through the operand, its own or the other node's, that it was found through; -1 for the
   *     first node
   */
  record Place(GraphValues.Member member, int entry, int through) {

    Node node() {
      return member.node();
    }
  }

  /** Longest first; then through the lowest operands. Matches that compare equal may tie. */
  static final Comparator<Match> PREFERENCE =
      Comparator.comparingInt((Match m) -> -m.nodes.size()).thenComparing(Match::compareEntries);

  /** A total order among matches of equal preference that depends on the graph alone. */
  static final Comparator<Match> POSITION =
      Comparator.comparingInt(Match::depth)
          .thenComparing(Match::compareNames)
          .thenComparing(m -> m.rule().name());

  private final Rule rule;
  private final List<@Nullable Place> places;
  private final List<Place> present;
  private final List<Node> nodes;
  private final int depth;

  /**
   * Makes a match.
   *
   * @param rule the rule
   * @param places the node of each step of the pattern, copied; null for an optional step that is
   *     not there
   */
  Match(Rule rule, List<@Nullable Place> places) {
    this.rule = rule;
    this.places = new ArrayList<>(places);
    this.present = new ArrayList<>(places.size());
    this.nodes = new ArrayList<>(places.size());
    for (Place place : places) {
      if (place != null) {
        present.add(place);
        nodes.add(place.node());
      }
    }
    this.depth = present.get(0).member().depth();
  }

  Rule rule() {
    return rule;
  }

  /** Returns how deep the first node lies. */
  int depth() {
    return depth;
  }

  /** Returns the nodes with what they read and define, in the order of the pattern's steps. */
  List<Place> present() {
    return Collections.unmodifiableList(present);
  }

  /** Returns the nodes in the order of the pattern's steps. */
  List<Node> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  private int compareNames(Match other) {
    for (int i = 0; i < Math.min(nodes.size(), other.nodes.size()); i++) {
      int byName = nodes.get(i).name().compareTo(other.nodes.get(i).name());
      if (byName != 0) {
        return byName;
      }
    }
    return Integer.compare(nodes.size(), other.nodes.size());
  }

  private int compareEntries(Match other) {
    for (int i = 0; i < Math.min(present.size(), other.present.size()); i++) {
      int byEntry = Integer.compare(present.get(i).through(), other.present.get(i).through());
      if (byEntry != 0) {
        return byEntry;
      }
    }
    return Integer.compare(present.size(), other.present.size());
  }

  /** Returns the points that a rule's point stands for; those that are left out are not there. */
  List<Point> points(MatchPoint at) {
    Place place = place(at);
    if (place == null) {
      return List.of();
    }
    return switch (at.side()) {
      case RESULT -> results(at.index(), place.member());
      case DEFINITION ->
          place
              .member()
              .operand(at.index())
              .flatMap(GraphValues.Value::source)
              .map(List::of)
              .orElse(List.of());
      case OPERAND -> operands(at.index(), place);
    };
  }

  private static List<Point> results(int index, GraphValues.Member member) {
    int from = Math.max(index, 0);
    int to = index == MatchPoint.EVERY ? member.node().results().size() : index + 1;
    List<Point> points = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      if (member.result(i).isPresent()) {
        points.add(Point.result(member.node().name(), i));
      }
    }
    return points;
  }

  private static List<Point> operands(int index, Place place) {
    GraphValues.Member member = place.member();
    int from = index >= 0 ? index : index == MatchPoint.AFTER_FIRST ? 1 : 0;
    int to = index >= 0 ? index + 1 : member.node().operands().size();
    List<Point> points = new ArrayList<>(Math.max(to - from, 0));
    for (int i = from; i < to; i++) {
      boolean other = !isOther(index) || i != place.entry();
      if (other && member.operand(i).filter(value -> mayBe(index, value)).isPresent()) {
        points.add(Point.operand(member.node().name(), i));
      }
    }
    return points;
  }

  private static boolean isOther(int index) {
    return index == MatchPoint.OTHERS || index == MatchPoint.VARIABLES;
  }

  private static boolean mayBe(int index, GraphValues.Value value) {
    return index != MatchPoint.VARIABLES || value.constant().isEmpty();
  }

  /** Returns the node of the step that a rule's point names; null where the step is not there. */
  @Nullable Place place(MatchPoint at) {
    if (at.step() != MatchPoint.LAST) {
      return places.get(at.step());
    }
    int last = places.size() - 1;
    while (places.get(last) == null || rule.pattern().steps().get(last).joins()) {
      last--;
    }
    return places.get(last);
  }

  /**
   * Returns the spec of a point; empty when it refers to a point that is left out.
   *
   * @param template the spec in terms of the match
   * @param node the point's node
   * @param point the point
   */
  Optional<QuantizationSpec> spec(SpecTemplate template, NodeView node, Point point) {
    return template.match(
        new SpecTemplate.Cases<>(
            observed -> Optional.of(observed(observed, node, point)),
            fixed -> Optional.of(fixed.along(ScaleAxes.of(fixed).granularity(node, point.index()))),
            this::with,
            this::derived,
            keepFloat -> Optional.of(keepFloat.plain()),
            narrowFloat -> Optional.of(narrowFloat.plain())));
  }

  private Optional<QuantizationSpec> with(SpecTemplate.Shared template) {
    return points(template.with()).stream().findFirst().map(QuantizationSpec.Shared::new);
  }

  private Optional<QuantizationSpec> derived(SpecTemplate.Derived template) {
    List<Point> sources = new ArrayList<>();
    template.sources().forEach(source -> sources.addAll(points(source)));
    return sources.size() < template.sources().size()
        ? Optional.empty()
        : Optional.of(
            new QuantizationSpec.Derived(template.type(), template.derivation(), sources));
  }

  /** A match is one only where the axes are found. */
  private static QuantizationSpec observed(
      SpecTemplate.Observed template, NodeView node, Point point) {
    return template.spec().withGranularity(ScaleAxes.of(template).granularity(node, point.index()));
  }
}
