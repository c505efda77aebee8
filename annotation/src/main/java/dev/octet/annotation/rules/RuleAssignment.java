package dev.octet.annotation.rules;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.GraphValues;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Chooses among matches: the longest first, of equally long ones the chain through the lowest
 * operands, of those the one nearest to the inputs. Never gives a node two owners.
 */
final class RuleAssignment {

  /** The order in which matches are chosen. */
  static final Comparator<Match> ORDER = Match.PREFERENCE.thenComparing(Match.POSITION);

  private final Predicate<GraphValues.Member> free;
  private final Consumer<Match> take;

  /**
   * Makes a chooser.
   *
   * @param free which nodes have no owner yet
   * @param take is given the matches that are chosen, and makes their nodes owned
   */
  RuleAssignment(Predicate<GraphValues.Member> free, Consumer<Match> take) {
    this.free = free;
    this.take = take;
  }

  /**
   * Chooses.
   *
   * @throws OctetException {@code OCT-RULE-001} if two rules want the same node with equal right
   */
  void choose(List<Match> matches) {
    List<Match> sorted = new ArrayList<>(matches);
    sorted.sort(ORDER);
    int from = 0;
    while (from < sorted.size()) {
      int to = from + 1;
      while (to < sorted.size()
          && Match.PREFERENCE.compare(sorted.get(from), sorted.get(to)) == 0) {
        to++;
      }
      chooseAmongEquals(sorted.subList(from, to));
      from = to;
    }
  }

  private void chooseAmongEquals(List<Match> equals) {
    Map<Integer, List<Match>> contested = contested(equals);
    for (Match match : equals) {
      if (isFree(match)) {
        match.present().forEach(place -> requireNoRival(match, place, contested));
        take.accept(match);
      }
    }
  }

  /** Returns the matches that want a node which others want too, by the number of the node. */
  private static Map<Integer, List<Match>> contested(List<Match> equals) {
    if (equals.size() == 1) {
      return Map.of();
    }
    Map<Integer, List<Match>> contested = new HashMap<>();
    Map<Integer, Match> first = new HashMap<>(2 * equals.size());
    for (Match match : equals) {
      for (Match.Place place : match.present()) {
        Match other = first.putIfAbsent(place.member().number(), match);
        if (other != null) {
          contested
              .computeIfAbsent(place.member().number(), n -> new ArrayList<>(List.of(other)))
              .add(match);
        }
      }
    }
    return contested;
  }

  private void requireNoRival(Match match, Match.Place place, Map<Integer, List<Match>> contested) {
    for (Match rival : contested.getOrDefault(place.member().number(), List.of())) {
      if (!rival.rule().name().equals(match.rule().name()) && isFree(rival)) {
        List<String> names =
            List.of(match.rule().name(), rival.rule().name()).stream()
                .sorted(Comparator.naturalOrder())
                .toList();
        throw RuleErrors.AMBIGUOUS
            .error(
                "rules '"
                    + names.get(0)
                    + "' and '"
                    + names.get(1)
                    + "' both match, equally long and through the same operands")
            .at("node '" + place.node().name() + "'")
            .build();
      }
    }
  }

  private boolean isFree(Match match) {
    for (Match.Place place : match.present()) {
      if (!free.test(place.member())) {
        return false;
      }
    }
    return true;
  }
}
