package dev.octet.tck.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.tck.broken.Acme;
import dev.octet.tck.verdict.CaseResult;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A backend that fails before a case can begin has a report, and no green one. */
class SetUpTest {

  private static TckReport run(RuntimeException thrown) throws InterruptedException {
    Acme acme =
        new Acme() {
          @Override
          public List<Capability> capabilities(Options options) {
            throw thrown;
          }
        };
    return TckRun.run(acme, TckRequest.everything().options(Options.none()).rule("TCK-CAP-001"));
  }

  @Test
  void whatFailsBeforeTheFirstCaseErrorsTheRule() throws InterruptedException {
    TckReport report = run(new IllegalStateException("no licence"));
    assertEquals(Verdict.ERRORED, report.results().findFirst().orElseThrow().verdict());
    CaseResult trouble = report.results().findFirst().orElseThrow().troubles().get(0);
    assertEquals("set-up", trouble.name());
    String message = trouble.outcome().message().orElseThrow();
    assertTrue(message.startsWith("OCT-TCK-013: "), message);
    assertTrue(message.contains("no licence"), message);
    assertEquals(1, report.conformance().exitCode());
  }
}
