package dev.octet.annotation.rules;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Chooses among matches: the longest first, of equally long ones the chain through the lowest
 * operands, of those the one nearest to the inputs. Never gives a node two owners.
 */
final class RuleAssignment {

  /** The order in which matches are chosen. */
  static final Comparator<Match> ORDER = Match.PREFERENCE.thenComparing(Match.POSITION);

  private final Predicate<Node> free;
  private final Consumer<Match> take;

  /**
   * Makes a chooser.
   *
   * @param free which nodes have no owner yet
   * @param take is given the matches that are chosen, and makes their nodes owned
   */
  RuleAssignment(Predicate<Node> free, Consumer<Match> take) {
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
    IdentityHashMap<Node, List<Match>> byNode = new IdentityHashMap<>();
    for (Match match : equals) {
      match.nodes().forEach(n -> byNode.computeIfAbsent(n, k -> new ArrayList<>(1)).add(match));
    }
    for (Match match : equals) {
      if (isFree(match)) {
        match.nodes().forEach(node -> requireNoRival(match, node, byNode));
        take.accept(match);
      }
    }
  }

  private void requireNoRival(Match match, Node node, IdentityHashMap<Node, List<Match>> byNode) {
    for (Match rival : byNode.getOrDefault(node, List.of())) {
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
            .at("node '" + node.name() + "'")
            .build();
      }
    }
  }

  private boolean isFree(Match match) {
    for (Node node : match.nodes()) {
      if (!free.test(node)) {
        return false;
      }
    }
    return true;
  }
}
