package dev.octet.workflow.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class FloatSearchTest {

  private static final List<String> NODES = List.of("a", "b", "c", "d", "e", "f", "g", "h");

  private final List<Set<String>> asked = new ArrayList<>();

  private FloatSearch.Found search(
      ToDoubleFunction<Set<String>> decibels, List<Set<String>> candidates) {
    FloatSearch search =
        new FloatSearch(
            NODES,
            20,
            64,
            set -> {
              asked.add(set);
              return decibels.applyAsDouble(set);
            });
    return search.search(candidates, decibels.applyAsDouble(Set.of()));
  }

  /** The model is good with a pair in float, and no better with one of the two. */
  private static double pair(Set<String> inFloat) {
    return inFloat.containsAll(Set.of("c", "d")) ? 30 : 5;
  }

  @Test
  void aPairIsFoundThatNoSingleNodeShows() {
    FloatSearch.Found found =
        search(FloatSearchTest::pair, List.of(Set.of("c"), Set.of("d"), Set.of("c", "d")));
    assertEquals(Map.of("c", 5.0, "d", 5.0), found.inFloat());
    assertEquals(30, found.decibels());
  }

  @Test
  void whatIsNotNeededIsQuantizedAgain() {
    FloatSearch.Found found =
        search(FloatSearchTest::pair, List.of(Set.of("a", "b", "c", "d", "e", "f")));
    assertEquals(Set.of("c", "d"), found.inFloat().keySet());
  }

  @Test
  void ofTwoThatReachTheGoalTheSmallerIsTaken() {
    ToDoubleFunction<Set<String>> either =
        set -> set.contains("g") || set.containsAll(Set.of("a", "b")) ? 25 : 0;
    FloatSearch.Found found = search(either, List.of(Set.of("a", "b"), Set.of("g")));
    assertEquals(Set.of("g"), found.inFloat().keySet());
  }

  @Test
  void severalCausesAreFoundOneAfterTheOther() {
    ToDoubleFunction<Set<String>> both =
        set -> (set.contains("a") ? 9 : 0) + (set.contains("h") ? 12 : 0);
    FloatSearch.Found found = search(both, List.of(Set.of("a"), Set.of("d"), Set.of("h")));
    assertEquals(new TreeMap<>(Map.of("a", 12.0, "h", 9.0)), found.inFloat());
    assertEquals(21, found.decibels());
  }

  @Test
  void withoutAnySuspectThePartsOfTheModelAreTriedByHalves() {
    FloatSearch.Found found = search(set -> set.contains("b") ? 28 : -3, List.of());
    assertEquals(Map.of("b", -3.0), found.inFloat());
  }

  @Test
  void whatNothingMendsIsLeft() {
    FloatSearch.Found found = search(set -> 4, List.of(Set.of("a")));
    assertTrue(found.inFloat().isEmpty());
    assertEquals(4, found.decibels());
  }

  @Test
  void modelsThatGiveNoNumberAreWorst() {
    ToDoubleFunction<Set<String>> none = set -> set.contains("a") ? 22 : Double.NEGATIVE_INFINITY;
    FloatSearch.Found found = search(none, List.of(Set.of("b"), Set.of("a")));
    assertEquals(Map.of("a", Double.NEGATIVE_INFINITY), found.inFloat());
  }

  @Test
  void nothingIsMeasuredTwiceAndNotMoreThanTheBudget() {
    List<Set<String>> many = new ArrayList<>();
    for (String one : NODES) {
      for (String other : NODES) {
        many.add(one.equals(other) ? Set.of(one) : Set.of(one, other));
      }
    }
    FloatSearch search =
        new FloatSearch(
            NODES,
            20,
            10,
            set -> {
              asked.add(set);
              return 1;
            });
    search.search(many, 0);
    assertEquals(Set.copyOf(asked).size(), asked.size());
    assertEquals(10, asked.size());
  }
}
