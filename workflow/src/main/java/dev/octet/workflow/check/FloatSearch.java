package dev.octet.workflow.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * Searches few nodes that, kept in float, bring the worst output of a model to a goal: greedily
 * from sets that may be the cause, then from the first and last parts of the model by halves; and
 * takes back whatever is not needed. What decides is measured each time, never foretold. The same
 * measurements give the same nodes. Not thread-safe.
 */
final class FloatSearch {

  /** What one more set must gain to be worth its nodes, in decibels. */
  private static final double LEAST_GAIN = 1;

  /** What taking nodes back may cost where the goal is not reached, in decibels. */
  private static final double MOST_LOSS = 0.5;

  private static final int MOST_ROUNDS = 4;

  private final List<String> nodes;
  private final double goal;
  private final int budget;
  private final ToDoubleFunction<Set<String>> measure;
  private final Map<Set<String>, Double> measured = new HashMap<>();
  private int measurements;

  /**
   * Prepares a search.
   *
   * @param nodes the quantized nodes in the order of the model
   * @param goal the decibels to reach
   * @param budget how many sets are measured at most, those of taking back apart
   * @param measure tells the decibels of the worst output with some nodes in float
   */
  FloatSearch(List<String> nodes, double goal, int budget, ToDoubleFunction<Set<String>> measure) {
    this.nodes = List.copyOf(nodes);
    this.goal = goal;
    this.budget = budget;
    this.measure = measure;
  }

  /**
   * What was found.
   *
   * @param inFloat the nodes to keep in float, sorted by name, with the decibels of the worst
   *     output if that one alone were quantized again
   * @param decibels those of the worst output with all of them in float
   */
  record Found(TreeMap<String, Double> inFloat, double decibels) {}

  /**
   * Searches.
   *
   * @param candidates sets of nodes that may be the cause, the most likely first
   * @param before the decibels with no node in float
   */
  Found search(List<Set<String>> candidates, double before) {
    measured.put(Set.of(), before);
    Set<String> best = greedy(candidates, Set.of());
    if (decibels(best) < goal) {
      best = greedy(parts(), best);
    }
    return takenBack(best);
  }

  private Set<String> greedy(List<Set<String>> candidates, Set<String> from) {
    Set<String> best = from;
    for (int round = 0; round < MOST_ROUNDS && decibels(best) < goal; round++) {
      Set<String> next = best;
      for (Set<String> candidate : candidates) {
        Set<String> wider = union(best, candidate);
        if (wider.size() > best.size() && canMeasure(wider) && isBetter(wider, next)) {
          next = wider;
        }
      }
      if (decibels(next) < decibels(best) + LEAST_GAIN) {
        return best;
      }
      best = next;
    }
    return best;
  }

  /** Of two that reach the goal, that with fewer nodes is better; else that with more decibels. */
  private boolean isBetter(Set<String> one, Set<String> other) {
    double own = Math.min(goal, decibels(one));
    double others = Math.min(goal, decibels(other));
    return own != others ? own > others : one.size() < other.size();
  }

  /** The first and the last half, quarter, and so on of the nodes. */
  private List<Set<String>> parts() {
    List<Set<String>> parts = new ArrayList<>();
    for (int size = (nodes.size() + 1) / 2; size >= 1; size /= 2) {
      parts.add(new LinkedHashSet<>(nodes.subList(0, size)));
      parts.add(new LinkedHashSet<>(nodes.subList(nodes.size() - size, nodes.size())));
    }
    return parts;
  }

  private Found takenBack(Set<String> found) {
    List<String> ordered = nodes.stream().filter(found::contains).toList();
    double floor = Math.min(goal, decibels(found) - MOST_LOSS);
    Set<String> left = new TreeSet<>(found);
    TreeMap<String, Double> needed = new TreeMap<>();
    takeBack(ordered, left, floor, needed);
    needed.keySet().retainAll(left);
    return new Found(needed, decibels(left));
  }

  /** Quantizes all of some nodes again if that keeps the decibels, else each half of them. */
  private void takeBack(
      List<String> some, Set<String> left, double floor, Map<String, Double> needed) {
    if (some.isEmpty()) {
      return;
    }
    Set<String> fewer = new TreeSet<>(left);
    some.forEach(fewer::remove);
    double without = decibels(fewer);
    if (without >= floor) {
      left.retainAll(fewer);
    } else if (some.size() == 1) {
      needed.put(some.get(0), without);
    } else {
      int half = some.size() / 2;
      takeBack(some.subList(0, half), left, floor, needed);
      takeBack(some.subList(half, some.size()), left, floor, needed);
    }
  }

  private boolean canMeasure(Set<String> inFloat) {
    return measured.containsKey(inFloat) || measurements < budget;
  }

  private double decibels(Set<String> inFloat) {
    Double known = measured.get(inFloat);
    if (known == null) {
      measurements++;
      known = measure.applyAsDouble(Collections.unmodifiableSet(inFloat));
      measured.put(Set.copyOf(inFloat), known);
    }
    return known;
  }

  private static Set<String> union(Set<String> one, Collection<String> other) {
    Set<String> both = new TreeSet<>(one);
    both.addAll(other);
    return both;
  }
}
