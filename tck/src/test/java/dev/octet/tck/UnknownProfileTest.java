package dev.octet.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.option.Options;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.DeclaredUse;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.RequantizationProfile;
import dev.octet.api.runtime.RuntimeUses;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.tck.broken.Acme;
import dev.octet.tck.run.TckRequest;
import dev.octet.tck.run.TckRun;
import dev.octet.tck.verdict.Conformance;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.Verdict;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the kit cannot tell right from wrong is no proof. */
class UnknownProfileTest {

  /** Rounds by a rule that it alone knows. */
  private static final class OwnRule implements BackendRuntime {
    @Override
    public RuntimeUses uses(Options options) {
      return RuntimeUses.of(
          DeclaredUse.of("MatMul")
              .requantizedBy(RequantizationProfile.named("acme-half-up", "floor(v + 0.5)"))
              .exact());
    }

    @Override
    public ExecutableModel load(LoadRequest request) {
      return new ReferenceRuntime().load(request);
    }
  }

  @Test
  void aRuleThatTheKitDoesNotKnowIsNamedAndNothingIsProved() throws InterruptedException {
    Acme acme =
        new Acme() {
          @Override
          public Optional<BackendRuntime> runtime() {
            return Optional.of(new OwnRule());
          }
        };
    TckReport report =
        TckRun.run(acme, TckRequest.everything().options(Options.none()).rule("TCK-RUN-002"));
    RuleResult result = report.results().findFirst().orElseThrow();
    assertEquals(Verdict.NOTHING_RAN, result.verdict());
    assertEquals(
        "the kit does not know the profile 'acme-half-up' (floor(v + 0.5)) of MatMul",
        result.reason().orElseThrow());
    assertEquals(Conformance.TOO_LITTLE_RAN, report.conformance());
    assertEquals(4, report.conformance().exitCode());
    assertTrue(result.hinders());
  }
}
