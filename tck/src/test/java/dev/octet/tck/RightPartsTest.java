package dev.octet.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.option.Options;
import dev.octet.tck.broken.Equipped;
import dev.octet.tck.graphs.Compositions;
import dev.octet.tck.rule.Area;
import dev.octet.tck.rule.RuleBook;
import dev.octet.tck.run.FirstFailure;
import dev.octet.tck.run.TckRequest;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.Verdict;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a backend may bring beside its rules raises no false alarm when it is right. */
class RightPartsTest {

  @ParameterizedTest
  @EnumSource(
      value = Area.class,
      names = {"OBS", "CMP", "TRF"})
  void observersGridsDerivationsAndRewritingsThatAreRightPass(Area area)
      throws InterruptedException {
    Compositions composed = new Compositions();
    for (String rule : RuleBook.read().rules(area).stream().map(r -> r.id()).toList()) {
      List<RuleResult> results =
          FirstFailure.run(
                  new Equipped(),
                  TckRequest.everything().options(Options.none()).rule(rule),
                  composed)
              .results()
              .toList();
      assertEquals(1, results.size(), rule);
      assertEquals(Verdict.PASSED, results.get(0).verdict(), results.get(0).troubles().toString());
    }
  }
}
