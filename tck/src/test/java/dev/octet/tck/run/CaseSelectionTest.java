package dev.octet.tck.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.option.Options;
import dev.octet.tck.broken.Acme;
import dev.octet.tck.check.Checks;
import dev.octet.tck.check.RuleCheck;
import dev.octet.tck.check.TckCase;
import dev.octet.tck.graphs.Breadth;
import dev.octet.tck.rule.BoundaryCase;
import dev.octet.tck.rule.RuleBook;
import dev.octet.tck.subject.Subject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which cases run: those of the list of boundary cases always, others as many as are wanted. */
class CaseSelectionTest {

  private static final RuleBook BOOK = RuleBook.read();
  private static final String RULE = "TCK-RUN-003";

  private static List<TckCase> cases(String... names) {
    return Stream.of(names).map(name -> TckCase.of(name, () -> {})).toList();
  }

  private static List<TckCase> hundred() {
    return Stream.concat(
            cases("conv/k1/ties", "add/plain/ties").stream(),
            IntStream.range(0, 100).mapToObj(i -> TckCase.of("abs/" + i + "/ties", () -> {})))
        .toList();
  }

  private static List<String> selected(TckRequest request) {
    return new CaseSelection(BOOK, request)
        .of(RULE, hundred()).stream().map(TckCase::name).toList();
  }

  /** The runtime of {@link Acme} does all that a line of the list is about. */
  @ParameterizedTest
  @ValueSource(longs = {TckRequest.SEED, 1, -77})
  void everyLineOfTheListIsTriedWhateverTheSeed(long seed) {
    TckRequest request = TckRequest.everything().seed(seed).random(1);
    CaseSelection selection = new CaseSelection(BOOK, request);
    Subject subject = Subject.of(new Acme(), Options.none(), Breadth.WHOLE, seed);
    Map<String, List<TckCase>> byRule = new HashMap<>();
    for (BoundaryCase line : BOOK.boundary()) {
      List<TckCase> tried =
          byRule.computeIfAbsent(
              line.rule(),
              rule -> selection.of(rule, Checks.byRule().get(rule).cases().apply(subject)));
      assertTrue(tried.stream().anyMatch(c -> line.has(line.rule(), c.name())), line.toString());
    }
  }

  /** Between quotes, on a command line. */
  @Test
  void everyCaseHasANameOfItsOwnThatCanBeTyped() {
    Subject subject = Subject.of(new Acme(), Options.none(), Breadth.WHOLE, TckRequest.SEED);
    for (RuleCheck check : Checks.byRule().values()) {
      List<String> names = check.cases().apply(subject).stream().map(TckCase::name).toList();
      assertEquals(names.size(), new TreeSet<>(names).size(), check.rule());
      for (String name : names) {
        assertTrue(name.matches("[A-Za-z0-9=+.,_/-]+"), check.rule() + " " + name);
      }
    }
  }

  @Test
  void noTwoLinesOfTheListHaveOneName() {
    List<String> names = BOOK.boundary().stream().map(BoundaryCase::name).toList();
    assertEquals(names.size(), new TreeSet<>(names).size());
  }

  @Test
  void everyCaseRunsWhenNoNumberIsGiven() {
    assertEquals(102, selected(TckRequest.everything()).size());
  }

  @Test
  void aNumberLimitsTheOthersAndKeepsTheirOrder() {
    List<String> names = selected(TckRequest.everything().random(7));
    assertEquals(List.of("conv/k1/ties", "add/plain/ties"), names.subList(0, 2));
    assertEquals(9, names.size());
    assertEquals(hundred().stream().map(TckCase::name).filter(names::contains).toList(), names);
  }

  @Test
  void aNumberAboveAllOthersRunsAll() {
    assertEquals(102, selected(TckRequest.everything().random(101)).size());
  }

  @Test
  void theSeedDrawsTheOthers() {
    TckRequest request = TckRequest.everything().random(7);
    assertEquals(selected(request), selected(request.seed(TckRequest.SEED)));
    assertNotEquals(selected(request), selected(request.seed(1)));
  }

  @Test
  void aCaseThatIsNamedRunsWhateverTheNumber() {
    assertEquals(
        List.of("abs/57/ties"),
        selected(TckRequest.everything().random(1).caseName("abs/57/ties")));
  }

  @Test
  void aCaseThatAnotherShrinksToRunsByItsName() {
    List<TckCase> one = List.of(new TckCase("large", () -> {}, () -> cases("smaller", "smallest")));
    assertEquals(
        List.of("smallest"),
        new CaseSelection(BOOK, TckRequest.everything().caseName("smallest"))
            .of(RULE, one).stream().map(TckCase::name).toList());
  }

  @Test
  void aRuleIsTriedByOneCaseAtLeast() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> TckRequest.everything().random(0));
    assertEquals("a rule cannot be tried by 0 cases", e.getMessage());
  }
}
