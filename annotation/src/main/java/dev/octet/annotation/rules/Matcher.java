package dev.octet.annotation.rules;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Point;
import dev.octet.api.pattern.NodeCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the matches of a rule that begin at a node.
 *
 * <p>Each step looks at the readers of the result before it, so that the work at a node grows with
 * the readers of its results and with the number of optional steps, not with the graph.
 */
final class Matcher {

  private final Predicate<GraphValues.Member> eligible;
  private final MatchContext context;

  /**
   * Makes a matcher.
   *
   * @param context the matches so far
   * @param eligible which nodes may be the later part of a match
   */
  Matcher(MatchContext context, Predicate<GraphValues.Member> eligible) {
    this.context = context;
    this.eligible = eligible;
  }

  /**
   * Returns every match that begins at a node, with and without its optional steps.
   *
   * @param rule the rule
   * @param member a node of one of the first step's operators
   * @param nearMiss is told how far the rule fitted and why it went no further
   */
  List<Match> matches(Rule rule, GraphValues.Member member, NearMiss nearMiss) {
    List<Match.@Nullable Place> places = new ArrayList<>();
    Search search = new Search(rule, nearMiss);
    if (search.fits(places, member, -1)) {
      places.add(new Match.Place(member, -1, -1));
      search.extend(places);
    }
    return search.found;
  }

  private final class Search {
    private final Rule rule;
    private final NearMiss nearMiss;
    private final List<Match> found = new ArrayList<>();

    private Search(Rule rule, NearMiss nearMiss) {
      this.rule = rule;
      this.nearMiss = nearMiss;
    }

    private void extend(List<Match.@Nullable Place> places) {
      int step = places.size();
      if (step == rule.pattern().steps().size()) {
        addIfMarkable(places);
        return;
      }
      if (rule.pattern().isAbsentWithItsBranch(step, i -> places.get(i) != null)) {
        without(step, places);
        return;
      }
      Step next = rule.pattern().linked(step, i -> places.get(i) != null);
      Match.Place from = java.util.Objects.requireNonNull(places.get(next.from()));
      List<Match.Place> candidates = next.joins() ? producers(from, next) : readers(from, next);
      for (Match.Place place : candidates) {
        if (isNew(places, place) && fits(places, place.member(), place.entry())) {
          places.add(place);
          extend(places);
          places.remove(step);
        }
      }
      if (next.optional()) {
        without(step, places);
      } else if (candidates.isEmpty()) {
        nearMiss.add(step, 0, absent(from, next));
      }
    }

    private void without(int step, List<Match.@Nullable Place> places) {
      places.add(null);
      extend(places);
      places.remove(step);
    }

    /** A chain never comes back to a node; a branch may lead to one that has a place already. */
    private static boolean isNew(List<Match.@Nullable Place> places, Match.Place place) {
      for (Match.Place before : places) {
        if (before != null && before.member() == place.member()) {
          return false;
        }
      }
      return true;
    }

    private List<Match.Place> readers(Match.Place from, Step next) {
      Optional<GraphValues.Value> result = from.member().result(0);
      if (result.isEmpty() || (next.alone() && !result.get().hasOneUse())) {
        return List.of();
      }
      OptionalInt entry = next.entry();
      List<Match.Place> readers = new ArrayList<>();
      for (GraphValues.Use use : result.get().uses()) {
        if ((entry.isEmpty() || use.operand() == entry.getAsInt())
            && mayTake(from, use.reader(), next)) {
          readers.add(new Match.Place(use.reader(), use.operand(), use.operand()));
        }
      }
      return readers;
    }

    private List<Match.Place> producers(Match.Place from, Step next) {
      List<Match.Place> producers = new ArrayList<>();
      for (int operand = 0; operand < from.node().operands().size(); operand++) {
        Optional<GraphValues.Value> value = from.member().operand(operand);
        boolean open =
            operand != from.entry()
                && (next.entry().isEmpty() || next.entry().getAsInt() == operand)
                && value.isPresent()
                && (!next.alone() || value.get().hasOneUse());
        GraphValues.Member producer = open ? producer(value.get()) : null;
        if (producer != null && mayTake(from, producer, next)) {
          producers.add(new Match.Place(producer, -1, operand));
        }
      }
      return producers;
    }

    /** A step is found through its first result alone. */
    private static GraphValues.@Nullable Member producer(GraphValues.Value value) {
      return value
          .producer()
          .filter(member -> member.result(0).filter(value::equals).isPresent())
          .orElse(null);
    }

    private boolean mayTake(Match.Place from, GraphValues.Member member, Step next) {
      return next.ops().contains(member.node().op())
          && member.isBeside(from.member())
          && eligible.test(member);
    }

    private boolean fits(List<Match.@Nullable Place> before, GraphValues.Member member, int entry) {
      int step = before.size();
      List<NodeCondition> conditions = rule.pattern().steps().get(step).conditions();
      NodeInPlace place = new NodeInPlace(member, entry, before, context);
      for (int i = 0; i < conditions.size(); i++) {
        Optional<String> failure = conditions.get(i).failure(place);
        if (failure.isPresent()) {
          nearMiss.add(step, i, about(before, member, failure.get()));
          return false;
        }
      }
      return true;
    }

    /** What is said at the first node of a later one names that one. */
    private static String about(
        List<Match.@Nullable Place> before, GraphValues.Member member, String reason) {
      return before.isEmpty()
          ? reason
          : member.node().op() + " '" + member.node().name() + "': " + reason;
    }

    private void addIfMarkable(List<Match.@Nullable Place> places) {
      Match match = new Match(rule, places);
      for (Mark mark : rule.marks()) {
        Optional<String> obstacle =
            mark.spec().isFloat() ? Optional.empty() : obstacle(match, mark);
        if (obstacle.isPresent()) {
          nearMiss.add(places.size(), 0, obstacle.get());
          return;
        }
      }
      found.add(match);
    }

    private Optional<String> obstacle(Match match, Mark mark) {
      Match.Place at = match.place(mark.at());
      if (at == null) {
        return Optional.empty();
      }
      NodeInPlace place = new NodeInPlace(at.member(), -1, List.of(), context);
      for (Point point : match.points(mark.at())) {
        Optional<String> obstacle = obstacle(mark, place, point);
        if (obstacle.isPresent()) {
          return obstacle;
        }
      }
      return Optional.empty();
    }

    /** An operand that is to be quantized must be FLOAT, and the axis of its scales be there. */
    private static Optional<String> obstacle(Mark mark, NodeInPlace place, Point point) {
      Optional<String> type =
          point.side() == Point.Side.OPERAND
              ? Conditions.floatOperand(point.index()).failure(place)
              : Optional.empty();
      return type.or(
          () -> ScaleAxes.of(mark.specAt(place.view(), point)).obstacle(place, point.index()));
    }
  }

  private static String absent(Match.Place from, Step next) {
    return next.joins()
        ? "no " + ops(next) + " alone makes another operand of " + from.node().op()
        : "no " + ops(next) + " alone reads its result";
  }

  private static String ops(Step step) {
    return String.join(" or ", step.ops().stream().map(Object::toString).toList());
  }
}
