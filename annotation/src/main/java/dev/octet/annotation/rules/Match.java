package dev.octet.annotation.rules;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that a rule matches.
 *
 * @param rule the rule
 * @param places the node of each step of the pattern; null for an optional step that is not there
 * @param depth how deep the first node lies
 */
record Match(Rule rule, List<@Nullable Place> places, int depth) {

  /** A node of the match, and the operand by which it reads the node before it. */
  record Place(Node node, int entry) {}

  /** Longest first; then through the lowest operands. Matches that compare equal may tie. */
  static final Comparator<Match> PREFERENCE =
      Comparator.comparingInt((Match m) -> -m.nodes().size()).thenComparing(Match::compareEntries);

  /** A total order among matches of equal preference that depends on the graph alone. */
  static final Comparator<Match> POSITION =
      Comparator.comparingInt(Match::depth)
          .thenComparing(Match::compareNames)
          .thenComparing(m -> m.rule().name());

  /** Returns the nodes in data-flow order. */
  List<Node> nodes() {
    List<Node> nodes = new ArrayList<>();
    for (Place place : places) {
      if (place != null) {
        nodes.add(place.node());
      }
    }
    return nodes;
  }

  private int compareNames(Match other) {
    List<Node> mine = nodes();
    List<Node> theirs = other.nodes();
    for (int i = 0; i < Math.min(mine.size(), theirs.size()); i++) {
      int byName = mine.get(i).name().compareTo(theirs.get(i).name());
      if (byName != 0) {
        return byName;
      }
    }
    return Integer.compare(mine.size(), theirs.size());
  }

  private int compareEntries(Match other) {
    List<Integer> mine = entries();
    List<Integer> theirs = other.entries();
    for (int i = 0; i < Math.min(mine.size(), theirs.size()); i++) {
      int byEntry = Integer.compare(mine.get(i), theirs.get(i));
      if (byEntry != 0) {
        return byEntry;
      }
    }
    return Integer.compare(mine.size(), theirs.size());
  }

  private List<Integer> entries() {
    return places.stream().filter(Objects::nonNull).map(Place::entry).toList();
  }

  /** Returns the points that a rule's point stands for; those that are left out are not there. */
  List<Point> points(MatchPoint at, GraphValues facts) {
    Place place = place(at.step());
    if (place == null) {
      return List.of();
    }
    Node node = place.node();
    return switch (at.side()) {
      case RESULT ->
          facts.result(node, at.index()).stream()
              .map(v -> Point.result(node.name(), at.index()))
              .toList();
      case DEFINITION ->
          facts.operand(node, at.index()).flatMap(GraphValues.Value::definition).stream().toList();
      case OPERAND ->
          operands(at.index(), place)
              .filter(i -> node.operand(i).isPresent())
              .mapToObj(i -> Point.operand(node.name(), i))
              .toList();
    };
  }

  private static IntStream operands(int index, Place place) {
    if (index >= 0) {
      return IntStream.of(index);
    }
    int from = index == MatchPoint.AFTER_FIRST ? 1 : 0;
    IntStream all = IntStream.range(from, Math.max(from, place.node().operands().size()));
    return index == MatchPoint.OTHERS ? all.filter(i -> i != place.entry()) : all;
  }

  private @Nullable Place place(int step) {
    if (step != MatchPoint.LAST) {
      return places.get(step);
    }
    Place last = null;
    for (Place place : places) {
      last = place == null ? last : place;
    }
    return last;
  }

  /**
   * Returns the spec of a point; empty when it refers to a point that is left out.
   *
   * @param template the spec in terms of the match
   * @param node the point's node
   * @param point the point
   */
  Optional<QuantizationSpec> spec(
      SpecTemplate template, Node node, Point point, GraphValues facts) {
    return template.match(
        new SpecTemplate.Cases<>(
            observed -> Optional.of(observed(observed, node, point, facts)),
            fixed -> Optional.of(fixed.plain()),
            shared -> with(shared, facts),
            derived -> derived(derived, facts),
            keepFloat -> Optional.of(keepFloat.plain())));
  }

  private Optional<QuantizationSpec> with(SpecTemplate.Shared template, GraphValues facts) {
    return points(template.with(), facts).stream().findFirst().map(QuantizationSpec.Shared::new);
  }

  private Optional<QuantizationSpec> derived(SpecTemplate.Derived template, GraphValues facts) {
    List<Point> sources = new ArrayList<>();
    template.sources().forEach(source -> sources.addAll(points(source, facts)));
    return sources.size() < template.sources().size()
        ? Optional.empty()
        : Optional.of(
            new QuantizationSpec.Derived(template.type(), template.derivation(), sources));
  }

  private static QuantizationSpec observed(
      SpecTemplate.Observed template, Node node, Point point, GraphValues facts) {
    int rank =
        facts
            .operand(node, point.index())
            .flatMap(GraphValues.Value::shape)
            .map(Shape::rank)
            .orElse(0);
    Granularity granularity =
        template
            .channels()
            .<Granularity>map(axis -> new Granularity.PerChannel(axis.of(node, rank)))
            .orElse(template.granularity());
    return template.plain(granularity);
  }
}
